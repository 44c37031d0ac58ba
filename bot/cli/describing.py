"""`niro schema` and `niro settings`: what may be written in a policy file, and in the settings."""

from __future__ import annotations

from typing import IO

import click

from bot.cli.running import read_settings


@click.command()
@click.option(
    "--output",
    type=click.File("w", encoding="utf-8", lazy=False, atomic=True),
    metavar="FILE",
    default="-",
    help="Write it there, not to standard output.",
)
def schema(output: IO[str]) -> None:
    """Write the JSON Schema of the policy file, which editors complete and check by."""
    from bot.policies.schema import document  # noqa: PLC0415 - the other commands start faster without it

    click.echo(document(), file=output, nl=False)


@click.command(name="settings")
@click.option("--markdown", is_flag=True, help="Write the page of the documentation instead.")
def show_settings(*, markdown: bool) -> None:
    """List every setting, what it means and what it is; secrets are not shown."""
    from bot.settings_table import document, rows  # noqa: PLC0415

    settings = read_settings()
    if markdown:
        click.echo(document(settings), nl=False)
        return
    for row in rows(settings):
        click.echo(f"{row.name}={row.value}\n    {row.meaning}\n")
