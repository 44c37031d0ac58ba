"""`niro promotions ...`: which images promotions judged, what came of them, and judging one again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from bot.cli.explaining import FORM
from bot.cli.installation import NUMBER
from bot.cli.mistakes import BadInput
from bot.cli.running import read_settings, run
from bot.cli.saying import say, width
from bot.cli.storing import opened_store

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store import PromotionEvent, PromotionRun, RunState, Store

_STATES: Final = (
    "new",
    "waiting",
    "denied",
    "blocked",
    "copying",
    "proposed",
    "approved",
    "done",
    "superseded",
    "given-up",
)
_NUMBER = click.argument("number", metavar="ID", type=NUMBER)


@click.group()
def promotions() -> None:
    """Images that promotions judged: which, why, and what was done."""


@promotions.command(name="list")
@click.argument("repository", metavar="[OWNER/NAME]", required=False)
@click.option("--promotion", default="", metavar="NAME", help="Only those of one promotion.")
@click.option("--state", type=click.Choice(_STATES), help="Only those that stand there.", metavar="STATE")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, help="So many at most; 100.", metavar="N")
@FORM
def show_all(repository: str | None, promotion: str, state: str | None, limit: int, form: str) -> None:
    """List the images that promotions judged, the newest first.

    STATE is one of new, waiting, denied, blocked, copying, proposed, approved, done, superseded and
    given-up.
    """
    from bot.cli.promotion_json import runs_as_json  # noqa: PLC0415 - the other commands start faster without it
    from bot.cli.promotion_pages import runs_as_text  # noqa: PLC0415
    from bot.store import RunState  # noqa: PLC0415

    wanted = None if state is None else RunState(state)
    found, names = run(_found(read_settings(), repository, promotion, wanted, limit))
    say(runs_as_json(found, names) if form == "json" else runs_as_text(found, names, width()))


@promotions.command()
@_NUMBER
@FORM
def show(number: int, form: str) -> None:
    """Show one of them: each criterion with what was seen, and all that was done."""
    from bot.cli.promotion_json import run_as_json  # noqa: PLC0415
    from bot.cli.promotion_pages import run_as_text  # noqa: PLC0415

    found, events, name = run(_one(read_settings(), number))
    say(run_as_json(found, events, name) if form == "json" else run_as_text(found, events, name, width()))


@promotions.command(name="run")
@_NUMBER
def judge_again(number: int) -> None:
    """Have one of them judged again now, by the running bot."""
    run(_asked(read_settings(), number))
    say(f"{number} is judged again as soon as the bot has room: `niro promotions show {number}` shows the verdict.\n")


async def _found(
    settings: Settings, repository: str | None, promotion: str, state: RunState | None, limit: int
) -> tuple[list[PromotionRun], dict[int, str]]:
    async with opened_store(settings) as store:
        number = None if repository is None else await _number_of(store, repository)
        found = await store.promotions.of(number, promotion, state, limit)
        return found, {each: await _name_of(store, each) for each in {one.repository for one in found}}


async def _one(settings: Settings, number: int) -> tuple[PromotionRun, list[PromotionEvent], str]:
    async with opened_store(settings) as store:
        found = await _get(store, number)
        return found, await store.promotions.events(number), await _name_of(store, found.repository)


async def _asked(settings: Settings, number: int) -> None:
    """Bring a run to where it is judged, and ask for that. Raises BadInput where it cannot be."""
    from bot.cli.judging_again import ASKED, HAS_A_SUCCESSOR, anew, is_newest, why_not  # noqa: PLC0415
    from bot.flows.asking import Ask, request  # noqa: PLC0415
    from bot.jobs.work import PromoteImage  # noqa: PLC0415
    from bot.store import EventKind, PromotionEvent  # noqa: PLC0415

    now = datetime.now(UTC)
    async with opened_store(settings) as store:
        found = await _get(store, number)
        refusal = why_not(found) or (None if await is_newest(store.promotions, found) else HAS_A_SUCCESSOR)
        if refusal is not None:
            raise BadInput(f"{number} is not judged again: {refusal}")
        if anew(found, now) != found:
            await store.promotions.note(found.id, PromotionEvent(EventKind.REOPENED, now, "reopened", ASKED))
        # Somebody who carries it on at this moment judges it with what is there now.
        await store.promotions.save(anew(found, now), found)
        work = PromoteImage(found.installation, found.repository, found.id)
        await store.due.ask([request(Ask(work), now, settings.settle)])


async def _get(store: Store, number: int) -> PromotionRun:
    found = await store.promotions.get(number)
    if found is None:
        raise BadInput(f"there is no promoted image {number}: `niro promotions list` shows their numbers")
    return found


async def _number_of(store: Store, name: str) -> int:
    from bot.explaining.shown import shown  # noqa: PLC0415

    found = await store.repositories.by_name(name)
    if found is None:
        raise BadInput(f"the bot knows of no repository {shown(name)}: it works there once the App is installed on it")
    return found.id


async def _name_of(store: Store, repository: int) -> str:
    found = await store.repositories.get(repository)
    return "" if found is None else found.full_name
