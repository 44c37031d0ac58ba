"""The digest beside a tag: when one is written, moved, kept, or has to be asked for first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.selection import platforms
from bot.selection.decision import Decision, Fact, Reason
from bot.selection.obstacles import Obstacle, restricted, too_far, too_young
from bot.selection.rule import PinDigest, UpdateKind
from bot.selection.times import earliest
from bot.selection.waiting import waiting
from bot.selection.walk import lacking, unknown_facts
from bot.selection.wording import shown_tag

if TYPE_CHECKING:
    from bot.images import Tag
    from bot.selection.question import Question


def with_digest(question: Question, decision: Decision, selected: Tag, kind: UpdateKind | None) -> Decision:
    """Complete a decision for `selected` by the digest that the rule wants beside it.

    `kind` tells how far the tag itself moves.
    """
    standing = None if question.current is None else question.current.digest
    moved = question.current is None or selected.name != question.current.name
    if moved:
        is_wanted = standing is not None or question.rule.pin_digest is not PinDigest.NEVER
        return _moved(decision, selected, kind) if is_wanted else replace(decision, update=kind)
    listed = question.tags.get(selected.name)
    if listed is None or not _may_change(question.rule.pin_digest, standing):
        return replace(decision, digest=standing)
    return same_tag(question, decision, listed)


def same_tag(question: Question, decision: Decision, listed: Tag) -> Decision:
    """Decide about the digest of the tag that stands in the file and is to stay there.

    `decision` is what holds where the digest stays too. The platform guard holds for a digest as for a tag.
    """
    assert question.current is not None
    standing = question.current.digest
    if listed.digest is None and listed.platforms == frozenset():
        return replace(decision, digest=standing)  # gone, or not whole: there is no other digest
    if listed.digest is None:
        return waiting(decision, listed, ((listed, Fact.DIGEST),))
    if listed.digest == standing:
        return replace(decision, digest=standing)
    against = (
        restricted(question, listed)
        or too_far(question, listed, UpdateKind.DIGEST)
        or (too_young(question, listed) if standing is not None else None)
    )
    if against is not None:
        return _kept(decision, against, standing)
    required = platforms.required(question)
    is_guarded = standing is not None or question.rule.platforms is not None
    unknown = tuple(unknown_facts(question, required, listed)) if is_guarded else ()
    if unknown:
        return waiting(decision, listed, unknown)
    against = None if listed.platforms is None else lacking(required or frozenset(), listed)
    return _renewed(decision, listed, standing) if against is None else _kept(decision, against, standing)


def _may_change(pin_digest: PinDigest, standing: str | None) -> bool:
    if pin_digest is PinDigest.ALWAYS:
        return True
    return pin_digest is PinDigest.IF_NOT_PRESENT and standing is None


def _moved(decision: Decision, selected: Tag, kind: UpdateKind | None) -> Decision:
    if selected.digest is None:
        return waiting(decision, selected, ((selected, Fact.DIGEST),))
    return replace(decision, digest=selected.digest, update=kind)


def _renewed(decision: Decision, listed: Tag, standing: str | None) -> Decision:
    shown = shown_tag(listed.name)
    if standing is None:
        reason, sentence = Reason.DIGEST_ADDED, f"{shown} gets its digest beside it"
    else:
        reason, sentence = (
            Reason.DIGEST_MOVED,
            f"{shown} was pushed again and is another image than the one in the file",
        )
    sentence = f"{sentence}. {decision.sentence}" if decision.sentence else f"{sentence}."
    return replace(
        decision, selected=listed, reason=reason, sentence=sentence, digest=listed.digest, update=UpdateKind.DIGEST
    )


def _kept(decision: Decision, against: Obstacle, standing: str | None) -> Decision:
    sentence = f"{decision.sentence} Its new digest is not taken: {against.why.sentence}."
    at = earliest(decision.reconsider_at, against.until)
    return replace(decision, sentence=sentence.strip(), digest=standing, reconsider_at=at)
