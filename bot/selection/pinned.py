"""A pinned image: one tag or one digest, and nothing else, whatever the rule says otherwise."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.images import Tag
from bot.selection import platforms
from bot.selection.decision import Decision, Explained, Reason
from bot.selection.digests import with_digest
from bot.selection.explanation import Uniform
from bot.selection.obstacles import restricted
from bot.selection.rule import RestrictionKind, Strategy
from bot.selection.walk import lacking, missing_fact, unknown_platforms
from bot.selection.wording import shown_tag

if TYPE_CHECKING:
    from bot.selection.question import Question

_DIGEST: Final = re.compile(r"sha(?:256|384|512):[0-9a-f]{64,128}")
_BARRING: Final = frozenset({RestrictionKind.QUARANTINE})


def pinned(question: Question) -> str | None:
    """Tell the tag or digest that the image is pinned to; None: it is not. What a person pinned wins over the rule."""
    for restriction in question.restrictions:
        if restriction.kind is RestrictionKind.PIN:
            standing = question.current.name if question.current is not None else None
            return restriction.tag or restriction.digest or standing
    return question.rule.pin


def choose_pinned(question: Question, pin: str) -> Decision:
    """Choose what the image is pinned to. The platform guard and quarantine hold for it too."""
    target = _by_digest(question, pin) if ":" in pin else question.tags.get(pin)
    current = question.current
    if target is None:
        return _decision(
            question, pin, None, Reason.NO_MATCH, f"{_shown(pin)} is pinned, and the registry has no such tag."
        )
    against = restricted(question, target, only=_BARRING)
    if against is not None:
        return _decision(question, pin, None, Reason.QUARANTINED, f"{_shown(pin)} is pinned. {against.why.sentence}.")
    digest = pin if ":" in pin else None
    if current is not None and current.name == target.name and digest in {None, current.digest}:
        stays = _decision(question, pin, current, Reason.PINNED, f"{_shown(pin)} is pinned and stands in the file.")
        return _with_its_digest(question, stays, current, digest)
    required = platforms.required(question)
    wanted = tuple(unknown_platforms(question, required, target))
    if wanted:
        sentence = ". ".join(missing_fact(tag, fact).sentence for tag, fact in wanted)
        return replace(_decision(question, pin, None, Reason.FACT_MISSING, f"{sentence}."), wanted=wanted)
    against = lacking(required or frozenset(), target)
    if against is not None:
        return _decision(
            question, pin, None, Reason.PLATFORM_MISSING, f"{_shown(pin)} is pinned. {against.why.sentence}."
        )
    return _with_its_digest(
        question, _decision(question, pin, target, Reason.PINNED, f"{_shown(pin)} is pinned."), target, digest
    )


def _by_digest(question: Question, pin: str) -> Tag | None:
    """Find a tag of the pinned digest: the one in the file, else the greatest by bytes, else any name with it."""
    current = question.current
    named = [tag for tag in question.tags.values() if tag.digest == pin]
    for tag in named:
        if current is not None and tag.name == current.name:
            return tag
    if named:
        return max(named, key=lambda tag: tag.name)
    name = current.name if current is not None else question.rule.track
    return None if name is None else Tag(name, digest=pin)


def _with_its_digest(question: Question, decision: Decision, tag: Tag, digest: str | None) -> Decision:
    if digest is not None:
        return replace(decision, digest=digest)
    if question.rule.strategy is Strategy.DIGEST and tag.digest is not None:
        return replace(decision, digest=tag.digest)
    return with_digest(question, decision, tag, None)


def _shown(pin: str) -> str:
    return pin if _DIGEST.fullmatch(pin) else shown_tag(pin)


def _decision(question: Question, pin: str, selected: Tag | None, reason: Reason, sentence: str) -> Decision:
    spared = selected.name if selected is not None else None
    said = f"is not {_shown(pin)}, to which the image is pinned"
    explanation = Uniform(question, Explained(reason, sentence), spared, Reason.NOT_PINNED, said, {})
    return Decision(selected, reason, sentence, explanation=explanation)
