"""What ends a command, each with its exit code: 2 for what the caller gave, 1 for what is outside."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


class BadInput(click.ClickException):
    """Something the caller gave cannot be as it is; each line says what and why."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the lines and nothing else."""
        click.echo(self.format_message(), err=True, file=file)


class BadSetting(BadInput):
    """A setting cannot be as it is."""

    @classmethod
    def of(cls, error: ValidationError) -> BadSetting:
        """Tell each setting that cannot be in a line, without its value, which may be a secret."""
        return cls("\n".join(_sentence(item) for item in error.errors(include_input=False)))


class CannotRead(BadInput):
    """What the caller gave is right, but a registry does not tell."""

    exit_code = 1


class CannotStart(click.ClickException):
    """The settings are right, but what they name does not answer or is taken."""


def _sentence(item: ErrorDetails) -> str:
    said = item["msg"].removeprefix("Value error, ")
    return f"NIRO_{str(item['loc'][0]).upper()}: {said}" if item["loc"] else said
