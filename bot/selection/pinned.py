"""A pinned image: one tag, one digest or both, and nothing else, whatever the rule says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.images import Tag
from bot.selection import platforms
from bot.selection.acceptance import standing
from bot.selection.decision import Decision, Explained, Reason
from bot.selection.digests import with_digest
from bot.selection.explanation import Uniform
from bot.selection.obstacles import kind_of_change, restricted
from bot.selection.rule import ALL_UPDATES, PinDigest, RestrictionKind, Strategy, UpdateKind
from bot.selection.times import earliest
from bot.selection.walk import lacking, missing_fact, unknown_facts
from bot.selection.wording import shown_digest, shown_tag

if TYPE_CHECKING:
    from datetime import datetime

    from bot.selection.question import Question
    from bot.selection.rule import Restriction


class Pin(NamedTuple):
    """What an image is pinned to: a tag, a digest ("sha256:..."), or both; and when that ends, None: it does not.

    `stands`: to what stands in the file, whether or not the registry has it any more. `restriction` is what a person
    laid upon the image, None: the rule itself pins it.
    """

    tag: str | None
    digest: str | None
    until: datetime | None = None
    stands: bool = False
    restriction: Restriction | None = None

    def __str__(self) -> str:
        tag = shown_tag(self.tag) if self.tag else ""
        digest = shown_digest(self.digest) if self.digest else ""
        return "@".join(part for part in (tag, digest) if part)


def pinned(question: Question) -> Pin | None:
    """Tell what the image is pinned to; None: to nothing. What a person pinned wins over the rule.

    A restriction that names neither tag nor digest pins to what stands in the file, where something does.
    """
    for restriction in question.restrictions:
        if restriction.kind is not RestrictionKind.PIN:
            continue
        if restriction.tag or restriction.digest:
            return Pin(restriction.tag, restriction.digest, restriction.until, restriction=restriction)
        if question.current is not None:
            here = question.current
            return Pin(here.name, here.digest, restriction.until, stands=True, restriction=restriction)
    pin = question.rule.pin
    if pin is None:
        return None
    return Pin(None, pin) if ":" in pin else Pin(pin, None)


def without_pin(question: Question, restriction: Restriction) -> Question:
    """Ask as if a pin were not there, but for the tag that it was laid against: that counts as turned down."""
    others = tuple(each for each in question.restrictions if each is not restriction)
    turned = replace(restriction, kind=RestrictionKind.HOLD, tag=None, digest=None)
    return replace(question, restrictions=others, turned=(*question.turned, turned))


def choose_pinned(question: Question, pin: Pin) -> Decision:
    """Choose what the image is pinned to. The platform guard and quarantine hold for it too, and nothing else."""
    decision = _chosen(_bare(question), pin)
    return replace(decision, reconsider_at=earliest(decision.reconsider_at, pin.until))


def _bare(question: Question) -> Question:
    """Leave out of a question what does not hold for a pinned tag: its age, the distance, what people ignore."""
    rule = replace(question.rule, min_age=timedelta(0), updates=ALL_UPDATES)
    if rule.strategy is Strategy.DIGEST and rule.pin_digest is PinDigest.NEVER:
        rule = replace(rule, pin_digest=PinDigest.IF_NOT_PRESENT)
    barring = tuple(each for each in question.restrictions if each.kind is RestrictionKind.QUARANTINE)
    return replace(question, rule=rule, restrictions=barring)


def _chosen(question: Question, pin: Pin) -> Decision:
    target, current = _target(question, pin), question.current
    if target is None:
        return _decision(question, pin, None, Reason.NO_MATCH, f"{pin} is pinned, and the registry has no such tag.")
    against = restricted(question, target)
    if against is not None:
        refused = _refused(question, pin, target, against.why)
        return replace(refused, reconsider_at=against.until)
    if current is not None and current.name == target.name and pin.digest in {None, current.digest}:
        stays = _decision(question, pin, current, Reason.PINNED, f"{pin} is pinned and stands in the file.")
        return _with_its_digest(question, stays, current, pin)
    return _proven(question, pin, target)


def _proven(question: Question, pin: Pin, target: Tag) -> Decision:
    """Take the image that is meant, if it offers what is required."""
    required = platforms.required(question)
    is_listed = question.tags.get(target.name) is target
    asked_for = target if is_listed else replace(target, name=target.digest or "")
    wanted = tuple(unknown_facts(question, required, asked_for))
    if wanted:
        sentence = ". ".join(missing_fact(tag, fact).sentence for tag, fact in wanted)
        return replace(_refused(question, pin, target, Explained(Reason.FACT_MISSING, sentence)), wanted=wanted)
    against = lacking(required or frozenset(), target)
    if against is not None:
        return _refused(question, pin, target, against.why)
    decision = _decision(question, pin, target, Reason.PINNED, f"{pin} is pinned.")
    return _with_its_digest(question, decision, target, pin)


def _target(question: Question, pin: Pin) -> Tag | None:
    """Find the image that is meant; None where there is none. Of several tags of a digest: see `_of_digest`."""
    if pin.stands:
        return question.current
    if pin.tag is None:
        return _of_digest(question, pin.digest or "")
    listed = question.tags.get(pin.tag)
    if listed is None or pin.digest in {None, listed.digest}:
        return listed
    return _untagged(question, pin.tag, pin.digest or "")


def _of_digest(question: Question, digest: str) -> Tag | None:
    """Find a tag of the pinned digest: the one in the file, else the greatest by bytes, else any name with it."""
    named = {tag.name: tag for tag in question.tags.values() if tag.digest == digest and tag.name != digest}
    place = question.current.name if question.current is not None else question.rule.track
    if named:
        return named.get(place or "") or named[max(named)]
    return None if place is None else _untagged(question, place, digest)


def _untagged(question: Question, name: str, digest: str) -> Tag:
    """Build an image that no tag points at, with what is known of it: it is asked for, and told of, by its digest."""
    known = question.tags.get(digest)
    return Tag(name, digest, platforms=None if known is None else known.platforms)


def _with_its_digest(question: Question, decision: Decision, tag: Tag, pin: Pin) -> Decision:
    kind = _kind(question, tag, pin.digest)
    if pin.digest is not None:
        return replace(decision, digest=pin.digest, update=kind)
    return with_digest(question, decision, tag, kind)


def _kind(question: Question, tag: Tag, digest: str | None) -> UpdateKind | None:
    """Tell how far it is to the pinned tag, forwards or back."""
    rule, current = question.rule, question.current
    if current is None:
        return None
    if current.name == tag.name:
        return UpdateKind.DIGEST if digest not in {None, current.digest} else None
    before, after = standing(rule, current.name), standing(rule, tag.name)
    return kind_of_change(rule, *(None if isinstance(place, Reason) else place for place in (before, after)))


def _refused(question: Question, pin: Pin, target: Tag, why: Explained) -> Decision:
    outcome = Explained(why.reason, f"{pin} is pinned. {why.sentence}.")
    said = f"is not {pin}, to which the image is pinned"
    explanation = Uniform(question, outcome, None, Reason.NOT_PINNED, said, {target.name: why})
    return Decision(None, outcome.reason, outcome.sentence, explanation=explanation)


def _decision(question: Question, pin: Pin, selected: Tag | None, reason: Reason, sentence: str) -> Decision:
    spared = selected.name if selected is not None else None
    said = f"is not {pin}, to which the image is pinned"
    explanation = Uniform(question, Explained(reason, sentence), spared, Reason.NOT_PINNED, said, {})
    return Decision(selected, reason, sentence, explanation=explanation)
