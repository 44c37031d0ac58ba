"""Every command explains itself, in lines that fit a terminal."""

from collections.abc import Iterator

import click
import pytest

from bot.cli import commands
from tests.cli.conftest import run


def every_command(group: click.Group = commands, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, command in group.commands.items():
        words = (*before, name)
        yield from every_command(command, words) if isinstance(command, click.Group) else [words]


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    ended = run(*words, "--help")
    assert ended.exit_code == 0
    assert max(map(len, ended.output.splitlines())) <= 80
