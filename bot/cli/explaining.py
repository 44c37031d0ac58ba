"""`niro tags` and `niro explain`: what would be decided, and why."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.mistakes import BadInput, CannotRead
from bot.cli.running import read_settings, run
from bot.cli.saying import say, width
from bot.cli.storing import opened_store

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.explaining.asked import Answer, Surroundings
    from bot.explaining.said import Said

FORM = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for scripts."
)
"""The option of every command that shows something."""


@click.command()
@click.argument("image")
@click.option("--policy", "path", metavar="FILE", help="The policy file; .niro/policies.yml if there is one here.")
@click.option("--name", metavar="NAME", help="Which policy, where FILE has several about the image.")
@click.option("--current", metavar="TAG", help="The tag in use; IMAGE may name it too.")
@FORM
@click.option("--all", "every", is_flag=True, help="Show each tag that was not selected in a line of its own.")
def tags(image: str, path: str | None, name: str | None, current: str | None, form: str, *, every: bool) -> None:
    """Show which tag of IMAGE wins, and why not the others."""
    from bot.explaining.asked import Form, TagsAsked, show_tags  # noqa: PLC0415

    asked = TagsAsked(image, path, name, current, Form(form), every)
    _show(lambda around: show_tags(asked, around))


@click.command()
@click.argument("directory", metavar="DIR")
@click.argument("policy")
@FORM
@click.option(
    "--repository", metavar="OWNER/NAME", help="Whose checkout DIR is: count and show what was said there, too."
)
def explain(directory: str, policy: str, form: str, repository: str | None) -> None:
    """Show what POLICY does with the manifests in DIR, and why."""
    from bot.explaining.asked import ExplanationAsked, Form, show_explanation  # noqa: PLC0415

    said = None if repository is None else _said_in(repository)
    asked = ExplanationAsked(directory, policy, Form(form), said)
    _show(lambda around: show_explanation(asked, around))


def _said_in(repository: str) -> Said:
    """Read what was said in a repository from the store of the settings."""
    from bot.explaining import Mistake  # noqa: PLC0415
    from bot.explaining.said import read_said  # noqa: PLC0415

    settings = read_settings()

    async def read() -> Said:
        async with opened_store(settings) as store:
            return await read_said(store, repository, datetime.now(UTC))

    try:
        return run(read())
    except Mistake as mistake:
        raise BadInput("\n".join(mistake.lines)) from None


def _show(work: Callable[[Surroundings], Coroutine[object, object, Answer]]) -> None:
    """Write what a command found out; nothing else goes to standard output."""
    from bot.explaining import AT_A_TERMINAL, ELSEWHERE, Mistake, Progress  # noqa: PLC0415
    from bot.explaining.asked import Surroundings  # noqa: PLC0415
    from bot.explaining.unread import unread  # noqa: PLC0415
    from bot.registries import RegistryError  # noqa: PLC0415

    settings = read_settings()
    patience = AT_A_TERMINAL if sys.stderr.isatty() else ELSEWHERE
    try:
        with Progress(lambda line: say(f"{line}\n", err=True), patience) as progress:
            around = Surroundings(settings, lambda: datetime.now(UTC), progress.doing, width())
            answer = asyncio.run(work(around))
    except Mistake as mistake:
        raise BadInput("\n".join(mistake.lines)) from None
    except RegistryError as error:
        raise CannotRead(unread(error)) from None
    say(answer.text)
    if answer.unread:
        raise CannotRead("\n".join(answer.unread))
