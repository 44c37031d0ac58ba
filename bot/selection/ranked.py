"""Strategies that order tags by what their names say: versions, numbers, the alphabet."""

from __future__ import annotations

import re
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final

from bot.selection.acceptance import barred, is_kept, ordered, reason_against, standing
from bot.selection.decision import Explained, Reason
from bot.selection.obstacles import kind_of_change, old_enough
from bot.selection.passes import Pass
from bot.selection.reading import Reading, is_dotted_number
from bot.selection.rule import Order, Strategy, UpdateKind, Variant
from bot.selection.variants import lasting_numbers
from bot.selection.wording import behind, outside, shown_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.images import Tag
    from bot.selection.acceptance import Place
    from bot.selection.question import Question
    from bot.selection.reading import Family

_ZERO_BEFORE_NUMBER: Final = re.compile(r"(?:^v?|\.)0[0-9]")
_SUFFIX_NUMBERS: Final = -1
_PATIENCE: Final = 64


class Ranked:
    """The tags of a question in the order of its rule (see Contest)."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._rule = question.rule
        self._last_first = question.rule.order is Order.ASCENDING or question.rule.strategy is Strategy.SEMVER
        self._pass = _pass_over(question)
        self._present, self.unfit = self._examined()
        self._style = None if self._present is None or question.current is None else _style(question.current.name)

    def __reduce__(self) -> tuple[type[Ranked], tuple[Question]]:
        """Be made again from the question alone: what an earlier look has found stays in its process."""
        return type(self), (self._question,)

    def left_alone(self) -> Explained | None:
        """Say that nothing may take the place of the tag in the file: this versioning cannot read its numbers."""
        rule, current = self._rule, self._question.current
        if current is None or self._present is not None or rule.strategy is not Strategy.SEMVER:
            return None
        value = current.name if rule.filter is None else rule.filter.value(current.name)
        if rule.variant is Variant.ANY or value is None or not is_dotted_number(value):
            return None
        shown = shown_tag(current.name)
        sentence = (
            f"{shown} stays: it is no version in the versioning {rule.versioning.value}, so nothing tells which tags "
            "are its variants"
        )
        return Explained(Reason.NOT_A_VERSION, sentence)

    def candidates(self) -> Iterator[Sequence[Tag]]:
        """See Contest."""
        for _, tied in groupby(self._patiently(), key=_key):
            entries = list(tied)
            if self.unfit is None and self._present is not None and not self._is_before(entries[0][0], self._present):
                return
            names = [name for reading, name in entries if not self._falls(reading)]
            if names:
                names.sort(reverse=True)
                names.sort(key=self._is_strange)
                yield [self._question.tags[name] for name in names]

    def _patiently(self) -> Iterator[tuple[Place, str]]:
        """Give what the rule accepts; after some that were not taken only what is near and old enough.

        The others are refused for that one reason anyway, and of very many of them each look would cost.
        """
        looked = 0
        for entry in self._accepted():
            yield entry
            looked += 1
            if looked == _PATIENCE:
                break
        else:
            return
        aged = old_enough(self._question)
        if aged is not None and not aged:
            return
        ceiling = self._ceiling()
        is_far = ceiling is not None and self._last_first and ceiling <= _key(entry)
        rest = self._accepted(below=ceiling) if is_far else islice(self._accepted(), looked, None)
        yield from rest if aged is None else (other for other in rest if other[1] in aged)

    def _accepted(self, below: tuple[int, ...] | None = None) -> Iterator[tuple[Place, str]]:
        """Give what the rule accepts of the tags that there are, best first; what is remembered may be more."""
        accepted = self._pass.accepted(self._is_kept, last_first=self._last_first, below=below)
        return (entry for entry in accepted if entry[1] in self._question.tags)

    def _ceiling(self) -> tuple[int, ...] | None:
        """Tell the key from which on a tag is farther away than the rule's updates go; None: there is no such limit."""
        present, updates = self._present, self._rule.updates
        if not isinstance(present, Reading) or self.unfit is not None or UpdateKind.MAJOR in updates:
            return None
        numbers = 1 if UpdateKind.MINOR in updates else 2
        return (*present.key[: numbers - 1], present.key[numbers - 1] + 1)

    def is_guess(self, tied: Sequence[Tag]) -> bool:
        """See Contest: names are enough to tell them apart."""
        del tied
        return False

    def kind(self, tag: Tag) -> UpdateKind | None:
        """See Contest."""
        return kind_of_change(self._rule, self._present, self._reading(tag.name))

    def is_newer(self, tag: Tag) -> bool:
        """See Contest."""
        reading = self._reading(tag.name)
        return reading is not None and self._present is not None and self._is_before(reading, self._present)

    def is_better(self, tag: Tag, than: Tag) -> bool:
        """See Contest."""
        one, other = self._reading(tag.name), self._reading(than.name)
        return one is not None and other is not None and self._is_before(one, other)

    def takes(self, tag: Tag) -> bool:
        """See Contest."""
        return self.aside(tag.name) is None

    def aside(self, name: str) -> Explained | None:
        """See Contest."""
        reason = reason_against(self._rule, name)
        if reason is not None:
            return outside(self._rule, name, reason)
        reading = ordered(self._rule, name)
        if isinstance(reading, Reason) or not self._is_kept(reading.family):
            return self._other_variant(name)
        return self._lower_variant(name) if self._falls(reading) else None

    def compared(self, name: str, selected: Tag) -> Explained | None:
        """See Contest."""
        reading, best = self._reading(name), self._reading(selected.name)
        if reading is None or best is None or self._is_before(reading, best):
            return None
        if reading.key == best.key:
            sentence = f"{shown_tag(name)} is the same {self._noun()} as {shown_tag(selected.name)}"
            return Explained(Reason.SAME_VERSION, sentence)
        is_current = self._question.current is not None and self._question.current.name == selected.name
        reason = Reason.OLDER_THAN_CURRENT if is_current else Reason.OLDER_THAN_SELECTED
        return Explained(reason, behind(self._rule, name, selected.name))

    def ranked(self) -> Iterator[Tag]:
        """See Contest."""
        tags, placed = self._question.tags, set()
        for name in self._pass.placed(last_first=self._last_first):
            if name in tags:
                placed.add(name)
                yield tags[name]
        for name in sorted(set(tags) - placed):
            yield tags[name]

    def _examined(self) -> tuple[Place | None, Explained | None]:
        """Read the tag in the file; with why it may not stand there, if it may not."""
        current = self._question.current
        if current is None:
            return None, None
        reading = standing(self._rule, current.name)
        if isinstance(reading, Reason):
            return None, outside(self._rule, current.name, reading)
        reason = barred(self._rule, current.name, reading)
        return reading, None if reason is None else outside(self._rule, current.name, reason)

    def _reading(self, name: str) -> Place | None:
        current = self._question.current
        is_current = current is not None and current.name == name
        reading = standing(self._rule, name) if is_current else ordered(self._rule, name)
        return None if isinstance(reading, Reason) else reading

    def _is_before(self, one: Place, other: Place) -> bool:
        mine, its = _key((one, "")), _key((other, ""))
        return mine > its if self._last_first else mine < its

    def _is_kept(self, family: Family) -> bool:
        return is_kept(self._rule, family, self._present)

    def _falls(self, reading: Place) -> bool:
        """Whether a variant's own numbers are lower than those in the file: alpine3.18 after alpine3.20.

        The revision of a build (the 5 of debian-12-r5) begins again with each version.
        """
        present = self._present
        if present is None or self.unfit is not None or not present.family.suffix or reading.family != present.family:
            return False
        is_newer = _key((reading, ""))[:_SUFFIX_NUMBERS] > _key((present, ""))[:_SUFFIX_NUMBERS]
        suffix = present.family.suffix
        mine, its = (lasting_numbers(suffix, place.key[_SUFFIX_NUMBERS]) for place in (reading, present))
        return bool(is_newer and mine < its)

    def _other_variant(self, name: str) -> Explained:
        current = self._question.current
        of = "has a suffix, fewer or more numbers"
        if self._present is not None and current is not None:
            of = f"is not of the family of {shown_tag(current.name)}"
        return Explained(Reason.OTHER_VARIANT, f"{shown_tag(name)} is another variant: it {of}")

    def _lower_variant(self, name: str) -> Explained:
        assert self._question.current is not None
        than = shown_tag(self._question.current.name)
        sentence = f"{shown_tag(name)} is another variant: the numbers of its suffix are lower than those of {than}"
        return Explained(Reason.OTHER_VARIANT, sentence)

    def _is_strange(self, name: str) -> bool:
        """Whether a name is written in another style than the one in use, which comes first."""
        return self._style is not None and _style(name) != self._style

    def _noun(self) -> str:
        return "version" if self._rule.strategy is Strategy.SEMVER else "value"


def _pass_over(question: Question) -> Pass:
    if question.tags.roll is not None:
        return question.tags.roll.read(question.rule)
    fresh = Pass(question.rule)
    fresh.learn(question.tags.names)
    return fresh


def _key(entry: tuple[Place, str]) -> tuple[Any, ...]:
    return entry[0].key


def _style(name: str) -> tuple[bool, bool]:
    return name.startswith("v"), _ZERO_BEFORE_NUMBER.search(name) is not None
