"""The words about promotions on GitHub: what became of an image, and what each criterion said of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.promotion.verdicts import Outcome
from bot.safe_text import LONGEST_PIECE, code, plain, prose, quiet, shortened, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.promotion.verdicts import Judged, Verdict

LONGEST_TITLE: Final = 250
LONGEST_SUMMARY: Final = 60_000
LONGEST_VERDICT: Final = 20_000
_LONGEST_NAME: Final = 128
_MOST_SOURCES: Final = 5
_DEEPEST: Final = 6
_WORDS: Final = {Outcome.TRUE: "holds", Outcome.FALSE: "does not hold", Outcome.UNKNOWN: "is not known yet"}


class Stage(Enum):
    """Where an image stands on its way; each name is that of a state in the history."""

    NEW = "is looked at"
    WAITING = "waits for what is not known yet"
    DENIED = "is not promoted"
    BLOCKED = "cannot be promoted now"
    COPYING = "is being copied"
    PROPOSED = "is proposed in a pull request"
    APPROVED = "is approved, and to be copied"
    DONE = "is promoted"
    SUPERSEDED = "was overtaken"
    GIVEN_UP = "was given up"


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One image on its way: `id` is that of the history, `source` and `target` are repositories ("host/repository").

    `tag` and `digest` are the source's; `target_tag` is "" until it is decided, `reason` a sentence or "".
    """

    id: int
    promotion: str
    source: str
    tag: str
    digest: str
    target: str
    target_tag: str
    stage: Stage
    reason: str = ""


class CheckText(NamedTuple):
    """What the check run says: a plain line of at most 250 characters, and Markdown of at most 60,000."""

    title: str
    summary: str


def check_text(told: Sequence[tuple[RunFacts, Verdict | None]], *, confidential: bool = False) -> CheckText:
    """Say what became of images of one commit, at least one: a title of the first, and a section of each.

    A verdict of None: the image was not judged yet. `confidential`: more people may read this than what is told was
    shown to. Then tags, contents and reasons are left out, and the command that shows them is named; promotion, source
    and target stand in the policy file, too.
    """
    title = _title(told[0][0], confidential=confidential)
    more = len(told) - 1
    if more:
        title = f"{shortened(title, LONGEST_TITLE - 20)}, and {more:,} more"
    sections = [_section(facts, verdict, confidential=confidential) for facts, verdict in told]
    return CheckText(title, "\n\n".join(within(sections, LONGEST_SUMMARY)))


def verdict_lines(verdict: Verdict, room: int = LONGEST_VERDICT) -> list[str]:
    """List in Markdown, a line each, every criterion with what was seen and where, and what counted for nothing.

    At most `room` characters; of a longer list the first lines, and how many more there are.
    """
    lines = [line for judged in verdict.judged for line in _judged_lines(judged, 0)]
    lines += [f"- pending: {prose(each)}" for each in verdict.pending]
    lines += [f"- counted for nothing: {prose(each.place)}: {prose(each.reason)}" for each in verdict.refused]
    shown = within(lines, room, 1)
    left = len(lines) - len(shown)
    return [*shown, f"- and {left:,} more"] if left else shown


def _judged_lines(judged: Judged, depth: int) -> Iterator[str]:
    seen = f": {prose(judged.seen)}" if judged.seen else ""
    places = [prose(place, LONGEST_PIECE) for place in judged.sources[:_MOST_SOURCES]]
    left = len(judged.sources) - len(places)
    sources = f" (from {'; '.join([*places, *([f'{left:,} more'] if left else [])])})" if places else ""
    yield f"{'  ' * depth}- {code(judged.criterion)} {_WORDS[judged.outcome]}{seen}{sources}"
    if depth < _DEEPEST:
        for inner in judged.inner:
            yield from _judged_lines(inner, depth + 1)


def _title(facts: RunFacts, *, confidential: bool) -> str:
    tag = "an image" if confidential else quiet(facts.tag, _LONGEST_NAME)
    said = f"{quiet(facts.promotion, _LONGEST_NAME)}: {tag} {facts.stage.value}"
    if facts.stage is Stage.DONE and facts.target_tag and not confidential:
        said += f" as {quiet(facts.target_tag, _LONGEST_NAME)}"
    return shortened(said, LONGEST_TITLE)


def _section(facts: RunFacts, verdict: Verdict | None, *, confidential: bool) -> str:
    head = f"### {code(plain(facts.promotion, _LONGEST_NAME))}"
    way = f"from {code(facts.source)} to {code(facts.target)}"
    if confidential:
        return "\n\n".join([head, f"An image on its way {way} {facts.stage.value}.", _elsewhere(facts)])
    said = [head, f"{_image(facts)}, on its way {way}, {facts.stage.value}{_as(facts)}."]
    if facts.reason:
        said.append(prose(facts.reason))
    if verdict is not None:
        said.append("\n".join([_outcome(verdict), "", *verdict_lines(verdict)]).rstrip())
    return "\n\n".join(said)


def _image(facts: RunFacts) -> str:
    return f"{code(facts.tag)} ({code(facts.digest)})"


def _as(facts: RunFacts) -> str:
    return f" as {code(facts.target_tag)}" if facts.target_tag else ""


def _outcome(verdict: Verdict) -> str:
    if not verdict.judged:
        return "The promotion has no criteria."
    return {
        Outcome.TRUE: "Every criterion holds:",
        Outcome.FALSE: "Not every criterion holds:",
        Outcome.UNKNOWN: "Not every criterion could be judged:",
    }[verdict.outcome]


def _elsewhere(facts: RunFacts) -> str:
    return f"Everybody may read this, so no more is said here. `niro promotions show {facts.id}` tells it."
