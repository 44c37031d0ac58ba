"""The check "niro / policies" tells what waits, what was stopped and what people laid upon policies, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.jobs.work import ReportPolicyFile
from bot.selection import RestrictionKind
from bot.store import GroupNote, NoteKind, RestrictionRecord

if TYPE_CHECKING:
    from bot.sandbox.model import CheckRun
    from tests.flows.house import House

LATER = timedelta(days=3)


def runs(house: House) -> list[CheckRun]:
    found = house.github.repository(house.repository).check_runs.values()
    return [run for run in found if run.name == "niro / policies" and not run.external_id]


async def report(house: House) -> None:
    await house.ask(ReportPolicyFile(house.installation.id, house.github.repository(house.repository).id))


async def note(house: House, kind: NoteKind, sentence: str) -> None:
    repository = house.github.repository(house.repository).id
    await house.parts.store.notes.put(GroupNote(repository, "api", kind, sentence, house.clock()))


async def hold(house: House, **fields: object) -> None:
    values: dict[str, object] = dict.fromkeys(("tag", "digest", "range", "beyond", "until"))
    about = {"repository": house.github.repository(house.repository).id, "policy": "api"}
    more = {"kind": RestrictionKind.HOLD, "reason": "", "source": "comment:1", "by": "octocat", "at": house.clock()}
    await house.parts.store.restrictions.lay(RestrictionRecord(**{**about, **values, **more, **fields}))


async def resume(house: House) -> None:
    repository = house.github.repository(house.repository).id
    await house.parts.store.restrictions.lift(repository, {RestrictionKind.HOLD})


async def test_each_kind_of_note_stands_under_what_it_means(house: House) -> None:
    await note(house, NoteKind.WAITING, "10 pull requests are open.")
    await report(house)
    await note(house, NoteKind.STOPPED, "Somebody committed to its branch.")
    await report(house)
    await note(house, NoteKind.REFUSED, "GitHub refused it.")
    await report(house)
    waiting, stopped, refused = (run.output["summary"] for run in runs(house))
    assert waiting.endswith("What waits:\n\n    api: 10 pull requests are open.")
    assert stopped.endswith("What does not go on:\n\n    api: Somebody committed to its branch.")
    assert refused.endswith("What does not go on:\n\n    api: GitHub refused it.")
    assert {run.conclusion for run in runs(house)} == {"neutral"}


async def test_what_people_laid_is_told_with_who_and_why(house: House) -> None:
    await hold(house, reason="flaky @octocat")
    await report(house)
    (run,) = runs(house)
    assert run.output["summary"].endswith("upon policies:\n\n    api is held, by octocat: 'flaky @octocat'.")


async def test_the_same_is_told_once_and_without_asking_github(house: House) -> None:
    await hold(house)
    await note(house, NoteKind.WAITING, "10 pull requests are open.")
    await report(house)
    await note(house, NoteKind.WAITING, "10 pull requests are open.")
    counted = house.counted()
    await report(house)
    assert (len(runs(house)), counted.names) == (1, [])


async def test_what_is_over_is_told_once(house: House) -> None:
    await hold(house)
    await report(house)
    await resume(house)
    await report(house)
    await report(house)
    assert [run.conclusion for run in runs(house)] == ["neutral", "success"]


async def test_what_ends_by_itself_is_told_when_it_ends(house: House) -> None:
    await hold(house, until=house.clock() + LATER)
    await report(house)
    await house.later(LATER - timedelta(minutes=1))
    assert len(runs(house)) == 1
    await house.later(timedelta(minutes=2))
    assert [run.conclusion for run in runs(house)] == ["neutral", "success"]


async def test_what_was_said_in_hostile_words_stays_text(house: House) -> None:
    await hold(house, reason="```\n<img src=x>", by="a`b")
    await note(house, NoteKind.STOPPED, "first\n# second <b>")
    await report(house)
    (run,) = runs(house)
    lines = [line for line in run.output["summary"].splitlines() if "<" in line]
    assert len(lines) == 2
    assert all(line.startswith("    ") for line in lines)


async def test_a_waiver_that_has_ended_is_told_from_its_day_on(house: House) -> None:
    until = (house.clock().date() + timedelta(days=3)).isoformat()
    ignore = f"findings:\n  ignore:\n    - {{rule: single-replica, paths: [dev/], reason: soon, until: {until}}}\n"
    await house.commit({".niro/policies.yml": house.policy(more=ignore)})
    assert "have ended" not in str([run.output for run in runs(house)])
    await house.later(timedelta(days=4))
    assert f"single-replica in dev/: ended on {until}" in runs(house)[-1].output["summary"]
