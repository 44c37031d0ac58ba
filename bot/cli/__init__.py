"""The command line: every `niro ...`, one file for each group of commands."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLACES: Final[Mapping[str, tuple[str, str]]] = {
    "serve": ("serving", "serve"),
    "worker": ("serving", "worker"),
    "demo": ("serving", "demo"),
    "tags": ("explaining", "tags"),
    "explain": ("explaining", "explain"),
    "check": ("checking", "check"),
    "schema": ("describing", "schema"),
    "registries": ("registries", "registries"),
    "hooks": ("hooks", "hooks"),
    "promotions": ("promotions", "promotions"),
    "promote": ("promote", "promote"),
    "keys": ("keys", "keys"),
    "settings": ("describing", "show_settings"),
}
"""In which file of this folder each command stands, and its name there."""


class _Commands(click.Group):
    """Reads a command's file once it is asked for: no command waits for what only others need."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        return sorted(_PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - see above
        if cmd_name not in _PLACES:
            return None
        file, name = _PLACES[cmd_name]
        command: click.Command = getattr(import_module(f"bot.cli.{file}"), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="niro-bot")
def commands() -> None:
    """Keep the container images in manifests up to date, one small explained pull request at a time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; `arguments` are those of the process when None. Ends the process with its exit code."""
    commands(args=arguments)
