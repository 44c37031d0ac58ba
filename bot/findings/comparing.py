"""What a change did to the findings of the files it touches: new ones, fixed ones, and those that stood before."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

    from bot.findings.finding import Finding

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The findings of a change.

    `new` are those of the state after it that the one before had not, or had as a less severe one, or about other
    things. `standing` are all others of the state after it; `fixed` those of the state before that are gone.
    """

    new: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    standing: tuple[Finding, ...] = ()


def compared(
    before: Sequence[Finding],
    after: Sequence[Finding],
    renamed: Mapping[str, str],
    unread: Collection[str] = (),
) -> Comparison:
    """Compare the findings of two states of the same files; the order is that of the arguments.

    A finding is known again by its fingerprint, and else by all that one is made of but the numbers of entries of
    lists, in the order of the file, those about the same things first. One that is about a thing more than before (the
    image of somebody else, another path of the node) is new.

    `renamed` is where files were before, by where they are now. Findings of a renamed file may be given in `before`
    under either path: under the old one, one is new where its environment became more severe by the move. Of the files
    `unread`, by where they are now, nobody can tell what is fixed. An object whose text did not change counts as well:
    when its service account goes away, what is then wrong with it is the change's doing.
    """
    pairs = _Pairs(before, after, renamed)
    new = [finding for finding in after if _is_worse(finding, pairs.earlier.get(finding.fingerprint))]
    worse = {finding.fingerprint for finding in new}
    standing = [finding for finding in after if finding.fingerprint not in worse]
    untold = {*unread, *(renamed[path] for path in unread if path in renamed)}
    fixed = [each for each in before if each.fingerprint in pairs.left and each.path not in untold]
    return Comparison(tuple(new), tuple(fixed), tuple(standing))


def _is_worse(finding: Finding, earlier: Finding | None) -> bool:
    return earlier is None or finding.severity > earlier.severity or not set(finding.about) <= set(earlier.about)


class _Pairs:
    """Which finding of the state before each one after it was, by the fingerprints of those after.

    `left` are the findings before that were not found again, by their fingerprints.
    """

    def __init__(self, before: Iterable[Finding], after: Iterable[Finding], renamed: Mapping[str, str]) -> None:
        self.earlier: dict[str, Finding] = {}
        self.left = {finding.fingerprint: finding for finding in before}
        self._after = tuple(after)
        self._renamed = renamed
        self._match(lambda each, _path: (each.fingerprint, each.about))
        self._match(lambda each, path: (*_place(each, path), each.about))
        self._match(_place)

    def _match(self, known_by: Callable[[Finding, str], Hashable]) -> None:
        """Match what has no match yet and is known by the same, in their order."""
        waiting: defaultdict[Hashable, deque[Finding]] = defaultdict(deque)
        for each in self.left.values():
            waiting[known_by(each, each.path)].append(each)
        for each in self._after:
            if each.fingerprint in self.earlier:
                continue
            same = waiting.get(known_by(each, self._renamed.get(each.path, each.path)))
            if same:
                self.earlier[each.fingerprint] = self.left.pop(same.popleft().fingerprint)


def _place(finding: Finding, path: str) -> tuple[str, ...]:
    """Tell what a finding is about, without the numbers of entries: another one may come or go before them."""
    field = _INDEX.sub("[]", finding.field)
    return path, finding.rule, finding.kind, finding.namespace, finding.name, finding.container, field
