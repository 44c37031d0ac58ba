"""`niro check`: what the rules find in the manifests of a folder."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

import click

from bot.cli.mistakes import BadInput
from bot.cli.saying import say, width

_NEVER = "never"


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--base", metavar="REV", help="Only what is new since HEAD and REV parted; REV is a branch or commit.")
@click.option("--staged", is_flag=True, help="Only what the next commit brings: the index against HEAD, or REV.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="For people, for scripts, for code scanning, or for the runner of GitHub Actions.",
)
@click.option(
    "--fail-on",
    type=click.Choice([_NEVER, "low", "medium", "high"]),
    default="medium",
    help="Exit with 1 for a finding of this severity or above; default: medium.",
)
@click.option("--policy", "path", metavar="FILE", help="The policy file; else that of REV, or of DIR without --base.")
def check(directory: str, base: str | None, form: str, fail_on: str, path: str | None, *, staged: bool) -> None:
    """Show what is wrong with the images and pods in DIR."""
    from bot.checking import CheckAsked, Form, Look, check_folder  # noqa: PLC0415
    from bot.explaining import AT_A_TERMINAL, ELSEWHERE, Mistake, Progress  # noqa: PLC0415
    from bot.policies.rules import Severity  # noqa: PLC0415

    severity = None if fail_on == _NEVER else Severity[fail_on.upper()]
    asked = CheckAsked(directory, base, Form(form), severity, path, staged)
    patience = AT_A_TERMINAL if sys.stderr.isatty() else ELSEWHERE
    try:
        with Progress(lambda line: say(f"{line}\n", err=True), patience) as progress:
            checked = check_folder(asked, datetime.now(UTC).date(), progress.doing, Look(width(), _is_coloured()))
    except Mistake as mistake:
        raise BadInput("\n".join(mistake.lines)) from None
    for note in checked.notes:
        say(f"{note}\n", err=True)
    say(checked.text)
    if checked.failed:
        sys.exit(1)


def _is_coloured() -> bool:
    """Whether severities are in colour: at a terminal, and where nobody asked for none (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
