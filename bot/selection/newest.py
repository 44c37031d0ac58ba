"""The newest build: tags ordered by when they came, for images whose tags say nothing of their order."""

from __future__ import annotations

from datetime import UTC, datetime
from heapq import nlargest
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from bot.selection.acceptance import reason_against
from bot.selection.decision import Explained, Reason
from bot.selection.obstacles import kind_of_change
from bot.selection.rule import Clock
from bot.selection.wording import moment, outside, shown_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.images import Tag
    from bot.selection.question import Question
    from bot.selection.rule import UpdateKind

_FIRST_LOOK: Final = 64
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Newest:
    """The tags of a question by their time (see Contest).

    With the clock PUSH a tag's time is when it was pushed, or when it was first seen where the registry does not tell;
    when the image was built counts only where the rule asks for it, and not where it says 1970 or before, as builds do
    that are to come out the same each time.
    """

    def __init__(self, question: Question) -> None:
        self._question = question
        self._clock = question.rule.clock
        self._present, self.unfit = self._examined()

    def untimed(self) -> Explained | None:
        """Say that nothing tells which build is newer: no time of the tag in the file, or of any acceptable one."""
        current = self._question.current
        if current is not None and self.unfit is None and self._present is None:
            shown = shown_tag(current.name)
            if current.name not in self._question.tags:
                said = "the registry does not list it, so nothing tells which builds are newer"
                return Explained(Reason.NO_CLOCK, f"{shown} stays: {said}")
            return Explained(Reason.NO_CLOCK, f"{shown} stays: {self._not_told()} of it")
        if any(self._time(tag) is not None and self.aside(tag.name) is None for tag in self._question.tags.tags):
            return None
        if not any(self._is_acceptable(name) for name in self._question.tags):
            return None
        return Explained(Reason.NO_CLOCK, f"Nothing is chosen: {self._not_told()} of any acceptable tag")

    def unknown(self) -> tuple[Tag, ...]:
        """List acceptable tags, the last pushed first, whose time can be asked for: when an image was created.

        A tag that runs nowhere is gone or not whole, and nobody can be asked about it.
        """
        if self._clock is not Clock.CREATED:
            return ()
        tags = self._question.tags.tags
        missing = [
            tag
            for tag in tags
            if tag.created_at is None and tag.platforms != frozenset() and self._is_acceptable(tag.name)
        ]
        missing.sort(key=lambda tag: tag.name)
        missing.sort(key=_last_pushed, reverse=True)
        return tuple(missing)

    def candidates(self) -> Iterator[Sequence[Tag]]:
        """See Contest."""
        acceptable = (entry for entry in self._by_time() if self._is_acceptable(entry[1]))
        for _, tied in groupby(acceptable, key=itemgetter(0)):
            yield [self._question.tags[name] for _, name in tied]

    def is_guess(self, tied: Sequence[Tag]) -> bool:
        """See Contest: tags that were first seen or created at one moment came in an order that nothing tells."""
        images = {tag.digest for tag in tied}
        return (None in images or len(images) > 1) and any(not self._is_by_push(tag) for tag in tied)

    def kind(self, tag: Tag) -> UpdateKind | None:
        """See Contest."""
        del tag
        return kind_of_change(self._question.rule, None, None)

    def is_newer(self, tag: Tag) -> bool:
        """See Contest."""
        instant = self._time(tag)
        return instant is not None and self._present is not None and instant > self._present

    def is_better(self, tag: Tag, than: Tag) -> bool:
        """See Contest."""
        one, other = self._time(self._known(tag)), self._time(self._known(than))
        return one is not None and other is not None and one > other

    def takes(self, tag: Tag) -> bool:
        """See Contest: of a tag that is not listed any more no time is known."""
        return self._is_acceptable(tag.name) and self._time(tag) is not None

    def aside(self, name: str) -> Explained | None:
        """See Contest."""
        reason = self._reason_against(name)
        if reason is not None:
            return outside(self._question.rule, name, reason)
        tag = self._question.tags.get(name)
        if tag is not None and self._time(tag) is None:
            return Explained(Reason.NO_CLOCK, f"{shown_tag(name)} cannot be compared: {self._not_told()} of it")
        return None

    def compared(self, name: str, selected: Tag) -> Explained | None:
        """See Contest."""
        tag = self._question.tags.get(name)
        instant, best = (None if tag is None else self._time(tag)), self._time_of_selected(selected)
        if instant is None or best is None or instant > best:
            return None
        shown, than = shown_tag(name), shown_tag(selected.name)
        if instant == best:
            return Explained(Reason.SAME_VERSION, f"{shown} is as new as {than}")
        is_current = self._question.current is not None and self._question.current.name == selected.name
        reason = Reason.OLDER_THAN_CURRENT if is_current else Reason.OLDER_THAN_SELECTED
        return Explained(reason, f"{shown}, of {moment(instant)}, is older than {than}")

    def ranked(self) -> Iterator[Tag]:
        """See Contest."""
        tags = sorted(self._question.tags.tags, key=lambda tag: tag.name)
        timed = [(instant, tag) for tag in tags if (instant := self._time(tag)) is not None]
        timed.sort(key=itemgetter(0), reverse=True)
        return iter([*(tag for _, tag in timed), *(tag for tag in tags if self._time(tag) is None)])

    def company(self) -> int:
        """Count the acceptable tags that were first seen or created together with the tag in the file."""
        current = self._question.current
        if current is None or self._present is None or self._is_by_push(self._known(current)):
            return 0
        return sum(
            self._time(tag) == self._present and name != current.name and self._is_acceptable(name)
            for name, tag in self._question.tags.items()
        )

    def _examined(self) -> tuple[datetime | None, Explained | None]:
        current = self._question.current
        if current is None:
            return None, None
        instant = self._time(self._known(current))
        reason = self._reason_against(current.name)
        if reason is not None:
            return instant, outside(self._question.rule, current.name, reason)
        return instant, None

    def _known(self, current: Tag) -> Tag:
        """Take what the registry tells of the tag in the file, where whoever asks told no time of it."""
        return current if self._time(current) is not None else self._question.tags.get(current.name, current)

    def _time(self, tag: Tag) -> datetime | None:
        if self._clock is Clock.PUSH:
            return tag.pushed_at or tag.first_seen
        return tag.first_seen if self._clock is Clock.FIRST_SEEN else _created(tag)

    def _time_of_selected(self, selected: Tag) -> datetime | None:
        return self._time(self._known(selected))

    def _is_by_push(self, tag: Tag) -> bool:
        return self._clock is Clock.PUSH and tag.pushed_at is not None

    def _reason_against(self, name: str) -> Reason | None:
        return reason_against(self._question.rule, name)

    def _is_acceptable(self, name: str) -> bool:
        return self._reason_against(name) is None

    def _by_time(self) -> Iterator[tuple[datetime, str]]:
        """Give the tags with a time, the newest first and of one time the greatest by bytes first.

        Where the tag in the file is fit only those that are newer than it. Most often one of the newest is acceptable,
        so the others are put in order only when somebody asks for more.
        """
        times = self._times()
        floor = _BEGINNING if self._present is None or self.unfit is not None else self._present
        newer = [time for time in times if time and time > floor]
        first = nlargest(_FIRST_LOOK, reversed(newer))  # lists mostly end with what came last
        if not first:
            return
        named = zip(times, self._question.tags.names, strict=True)
        yield from sorted(((time, name) for time, name in named if time and time >= first[-1]), reverse=True)
        if len(newer) > len(first):
            named = zip(times, self._question.tags.names, strict=True)
            yield from sorted(((time, name) for time, name in named if time and floor < time < first[-1]), reverse=True)

    def _times(self) -> list[datetime | None]:
        """Give the time of each tag, in their order."""
        listed = self._question.tags
        match self._clock:
            case Clock.PUSH:
                return listed.births
            case Clock.FIRST_SEEN:
                return [tag.first_seen for tag in listed.tags]
            case Clock.CREATED:
                return [_created(tag) for tag in listed.tags]

    def _not_told(self) -> str:
        match self._clock:
            case Clock.PUSH:
                return "the registry does not tell when it was pushed, nor was it seen to come: no time is known"
            case Clock.FIRST_SEEN:
                return "when it was first seen is not known"
            case Clock.CREATED:
                return "when it was created is not known"


def _created(tag: Tag) -> datetime | None:
    return tag.created_at if tag.created_at is not None and tag.created_at > _EPOCH else None


def _last_pushed(tag: Tag) -> float:
    instant = tag.pushed_at or tag.first_seen
    return instant.timestamp() if instant else float("-inf")
