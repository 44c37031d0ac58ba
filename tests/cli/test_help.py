"""Every command explains itself, in lines that fit a terminal."""

from collections.abc import Iterator

import click
import pytest

from bot.cli import commands
from tests.cli.conftest import run


def every_command(group: click.Group = commands, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        words = (*before, name)
        yield from every_command(command, words) if isinstance(command, click.Group) else [words]


def test_no_other_command_is_known() -> None:
    assert run("nothing").exit_code == 2


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    ended = run(*words, "--help")
    assert ended.exit_code == 0
    assert max(map(len, ended.output.splitlines())) <= 80
