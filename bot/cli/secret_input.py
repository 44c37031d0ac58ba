"""Where a command takes a secret from: a terminal that hides it, standard input, a file; never an argument."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
from pydantic import SecretStr

from bot.cli.files import text_of, text_of_file
from bot.cli.mistakes import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

LARGEST: Final = 64 * 1024


def secret_options(command: F) -> F:
    """Add the options that say where the secret comes from: `path` and `from_stdin`."""
    decorate: Callable[[F], F]
    for decorate in (
        click.option("--secret-file", "path", metavar="FILE", help="Read the secret from a file."),
        click.option("--secret-stdin", "from_stdin", is_flag=True, help="Read the secret from standard input."),
    ):
        command = decorate(command)
    return command


def read_secret(*, path: str | None, from_stdin: bool) -> SecretStr:
    """Return the secret, without the line end that a file or an `echo` leaves behind. Raises BadInput."""
    if from_stdin and path is not None:
        raise BadInput("--secret-stdin and --secret-file exclude each other")
    if path is not None:
        text = text_of_file(path, LARGEST)
    elif from_stdin:
        text = text_of(sys.stdin.buffer, LARGEST, "standard input")
    elif sys.stdin.isatty():
        text = click.prompt("Secret (not shown)", hide_input=True, err=True)
    else:
        raise BadInput("the secret is asked for at a terminal; elsewhere give --secret-stdin or --secret-file FILE")
    return SecretStr(text.removesuffix("\n").removesuffix("\r"))
