"""A mutable tag followed by its digest: the tag stays, the digest beside it moves when the tag was pushed again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.selection import platforms
from bot.selection.decision import Decision, Explained, Fact, Reason
from bot.selection.digests import same_tag
from bot.selection.explanation import Uniform
from bot.selection.obstacles import restricted, too_far, too_young
from bot.selection.rule import UpdateKind
from bot.selection.walk import lacking, missing_fact, unknown_facts
from bot.selection.wording import shown_tag

if TYPE_CHECKING:
    from bot.images import Tag
    from bot.selection.question import Question

_UNTAGGED: Final = "latest"


def choose_tracked(question: Question) -> Decision:
    """Choose the digest of the tag that the rule tracks: its own, else the one in the file, else `latest`."""
    current = question.current
    track = question.rule.track or (current.name if current is not None else _UNTAGGED)
    listed = question.tags.get(track)
    if listed is None:
        return _decision(question, track, None, Reason.NO_MATCH, f"The registry does not list {shown_tag(track)}.")
    if current is not None and current.name == track:
        stays = f"{shown_tag(track)} stays: it is the image in the file."
        unchanged = _decision(question, track, current, Reason.CURRENT_IS_BEST, stays)
        return _worded(same_tag(question, unchanged, listed))
    return _switched(question, track, listed)


def _switched(question: Question, track: str, listed: Tag) -> Decision:
    """Bring the tracked tag, with its digest, to where another tag or nothing stands."""
    against = restricted(question, listed) or too_young(question, listed)
    if against is None and question.current is not None:
        against = too_far(question, listed, UpdateKind.BUILD)
    required = platforms.required(question)
    wanted = [] if against else unknown_facts(question, required, listed)
    if listed.digest is None and not against and (listed, Fact.DIGEST) not in wanted:
        wanted.append((listed, Fact.DIGEST))
    if wanted:
        sentence = ". ".join(missing_fact(tag, fact).sentence for tag, fact in wanted)
        return replace(_decision(question, track, None, Reason.FACT_MISSING, f"{sentence}."), wanted=tuple(wanted))
    against = against or lacking(required or frozenset(), listed)
    if against is not None:
        refused = _decision(question, track, None, Reason.NO_MATCH, f"{against.why.sentence}.", against.why)
        return replace(refused, reconsider_at=against.until)
    if question.current is None:
        chosen = _decision(question, track, listed, Reason.BEST, f"{shown_tag(track)} is followed by its digest.")
        return replace(chosen, digest=listed.digest)
    sentence = f"{shown_tag(track)} is the tag that is followed; {shown_tag(question.current.name)} stands in the file."
    chosen = _decision(question, track, listed, Reason.CURRENT_UNFIT, sentence)
    return replace(chosen, digest=listed.digest, update=UpdateKind.BUILD)


def _worded(decision: Decision) -> Decision:
    """Drop the words of the unchanged case where the digest changes."""
    if decision.reason in {Reason.DIGEST_ADDED, Reason.DIGEST_MOVED}:
        return replace(decision, sentence=f"{decision.sentence.partition('. ')[0]}.")
    return decision


def _decision(  # noqa: PLR0917 - the last is only of a tag that was refused
    question: Question, track: str, selected: Tag | None, reason: Reason, sentence: str, why: Explained | None = None
) -> Decision:
    said = f"is not the tag that is followed, which is {shown_tag(track)}"
    outcome = Explained(reason, sentence)
    spared = None if selected is None else track
    explanation = Uniform(question, outcome, spared, Reason.NOT_TRACKED, said, {track: why or outcome})
    return Decision(selected, reason, sentence, explanation=explanation)
