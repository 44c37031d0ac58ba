"""Help is written from the table of commands."""

import re

import pytest

from bot.commands import TABLE, CommandName, Right, Takes, commands_in, commands_shown, help_table

WITHOUT_CHANGE = {CommandName.HELP, CommandName.EXPLAIN, CommandName.PLAN}


def test_every_command_has_one_row() -> None:
    assert [row.name for row in TABLE] == list(CommandName)
    assert [usage for usage, _ in commands_shown()] == [row.usage for row in TABLE]


def test_help_is_a_table_whose_cells_hold_no_bars() -> None:
    lines = help_table().splitlines()
    assert len(lines) == len(TABLE) + 2
    assert {len(re.findall(r"\|", line)) for line in lines} == {4}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name.value)
def test_a_row_says_how_it_is_written(row) -> None:
    assert row.usage.startswith(f"/niro {row.name.value}")
    argument = row.usage.replace("[<policy>]", "").removeprefix(f"/niro {row.name.value}").strip()
    assert bool(argument) is (row.takes is not Takes.NOTHING)
    assert argument.startswith("<") is row.required


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name.value)
def test_who_changes_anything_must_be_allowed_to_write(row) -> None:
    assert (row.right is Right.TRIAGE) is (row.name in WITHOUT_CHANGE)


def test_the_bots_own_help_holds_no_commands() -> None:
    assert commands_in(help_table()) == ()
