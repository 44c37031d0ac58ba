"""`niro promote`: what promotions would do with the tags that stand there now, and having them do it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.confirming import YES, confirm
from bot.cli.explaining import FORM
from bot.cli.mistakes import BadInput, CannotRead
from bot.cli.running import read_settings, run
from bot.cli.saying import say, width
from bot.cli.trial_parts import opened_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.flows.promotion_trial import Trial
    from bot.settings import Settings

T = TypeVar("T")


@click.command()
@click.argument("repository", metavar="OWNER/NAME")
@click.option("--promotion", metavar="NAME", help="Only this promotion of the repository's policy file.")
@click.option("--tag", metavar="TAG", help="Only this tag of its source; with --dry-run.")
@click.option("--dry-run", "dry", is_flag=True, help="Judge, show the verdicts, and do nothing else.")
@FORM
@YES
def promote(repository: str, promotion: str | None, tag: str | None, form: str, *, dry: bool, yes: bool) -> None:
    """Promote the images that stand in the sources now, also those of before.

    Each tag that a promotion's criteria do not exclude is judged by the running bot, and goes on where they hold.
    """
    settings = read_settings()
    if dry:
        _complete(lambda doing: _show(settings, (repository, promotion, tag), form, doing))
        return
    if tag is not None or form == "json":
        raise BadInput("--tag and --format are for --dry-run: niro promotions list shows what is judged")
    whose = f"the promotion {promotion}" if promotion else "all promotions"
    confirm(f"Have {whose} of {repository} judge every tag that stands in the source now?", yes=yes)
    asked = _complete(lambda doing: _begin(settings, repository, promotion, doing))
    say(f"{asked} judged as soon as the bot has room: `niro promotions list {repository}` shows what comes of it.\n")


async def _show(
    settings: Settings, asked: tuple[str, str | None, str | None], form: str, doing: Callable[[str], None]
) -> None:
    """Write each verdict as soon as it is there; as JSON all of them at the end."""
    from bot.cli.promotion_json import trials_as_json  # noqa: PLC0415 - the other commands start faster without it
    from bot.cli.promotion_pages import trial_as_text  # noqa: PLC0415
    from bot.flows.promotion_trial import trial  # noqa: PLC0415

    tried: list[Trial] = []
    doing(f"judging the tags that the promotions of {asked[0]} take")
    async with opened_parts(settings) as parts:
        async for each in trial(parts, *asked):
            tried.append(each)
            if form == "text":
                say(trial_as_text(each, width()))
    if form == "json":
        say(trials_as_json(tried))
    elif not tried:
        say("There is no tag that a promotion could take.\n")


async def _begin(settings: Settings, repository: str, promotion: str | None, doing: Callable[[str], None]) -> str:
    """Begin a run for each tag that was not promoted yet; says how many."""
    from bot.cli.beginning_promotions import begin_all  # noqa: PLC0415

    async with opened_parts(settings) as parts:
        begun = await begin_all(parts, repository, promotion, doing)
    return "1 image is" if begun == 1 else f"{begun} images are"


def _complete(work: Callable[[Callable[[str], None]], Coroutine[object, object, T]]) -> T:
    """Do what asks registries, telling who waits for long. Raises BadInput and CannotRead."""
    from bot.cli.refusals import refusal  # noqa: PLC0415
    from bot.explaining import AT_A_TERMINAL, ELSEWHERE, Progress  # noqa: PLC0415
    from bot.explaining.shown import shown  # noqa: PLC0415
    from bot.flows.promotion_trial import NothingToTry  # noqa: PLC0415
    from bot.flows.readers import ReaderUnfit  # noqa: PLC0415
    from bot.registries import RegistryError  # noqa: PLC0415
    from bot.signatures import SigningUnavailable  # noqa: PLC0415

    patience = AT_A_TERMINAL if sys.stderr.isatty() else ELSEWHERE
    try:
        with Progress(lambda line: say(f"{line}\n", err=True), patience) as progress:
            return run(work(progress.doing))
    except NothingToTry as error:
        raise BadInput(shown(str(error))) from None
    except RegistryError as error:
        raise CannotRead(refusal(error)) from None
    except (ReaderUnfit, SigningUnavailable) as error:
        raise CannotRead(shown(str(error))) from None
