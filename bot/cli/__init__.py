"""The command line: every `niro ...`, one file for each group of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli import checking, describing, explaining, hooks, keys, registries, serving

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="niro-bot")
def commands() -> None:
    """Keep the container images in manifests up to date, one small explained pull request at a time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; `arguments` are those of the process when None. Ends the process with its exit code."""
    commands(args=arguments)


for _command in (
    serving.serve,
    serving.worker,
    serving.demo,
    explaining.tags,
    explaining.explain,
    checking.check,
    describing.schema,
    registries.registries,
    hooks.hooks,
    keys.keys,
    describing.show_settings,
):
    commands.add_command(_command)
