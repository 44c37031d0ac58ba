"""What a change did to the findings of the files it touches: new ones, fixed ones, and those that stood before."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from bot.findings.finding import Finding

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The findings of a change.

    `new` are those of the state after it that the one before had not, or had as a less severe one. `standing` are all
    others of the state after it; `fixed` those of the state before that are gone.
    """

    new: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    standing: tuple[Finding, ...] = ()


def compared(before: Sequence[Finding], after: Sequence[Finding], renamed: Mapping[str, str]) -> Comparison:
    """Compare the findings of two states of the same files by their fingerprints; the order is that of the arguments.

    `renamed` is where files were before, by where they are now. Findings of a renamed file may be given in `before`
    under either path: under the old one they are known again by all that a fingerprint is made of but the path, and
    one is new where its environment became more severe by the move. An object whose text did not change counts as
    well: when its service account goes away, what is then wrong with it is the change's doing.
    """
    remaining = {finding.fingerprint: finding for finding in before}
    matches = {each.fingerprint: remaining.pop(each.fingerprint, None) for each in after}
    _match_moved(matches, remaining, after, renamed)
    new: list[Finding] = []
    standing: list[Finding] = []
    for finding in after:
        earlier = matches[finding.fingerprint]
        is_new = earlier is None or finding.severity > earlier.severity
        (new if is_new else standing).append(finding)
    fixed = tuple(finding for finding in before if finding.fingerprint in remaining)
    return Comparison(tuple(new), fixed, tuple(standing))


def _match_moved(
    matches: dict[str, Finding | None],
    remaining: dict[str, Finding],
    after: Iterable[Finding],
    renamed: Mapping[str, str],
) -> None:
    """Match what was not matched yet with findings under the old paths of renamed files, and take these out."""
    old = _counted(remaining.values(), {})
    open_ones = (each for each in after if matches[each.fingerprint] is None and each.path in renamed)
    for key, finding in _counted(open_ones, renamed).items():
        if key in old:
            matches[finding.fingerprint] = remaining.pop(old[key].fingerprint)


def _counted(findings: Iterable[Finding], renamed: Mapping[str, str]) -> dict[Hashable, Finding]:
    """Give findings by what they are about and, of several about the same, by their number."""
    seen: Counter[Hashable] = Counter()
    found: dict[Hashable, Finding] = {}
    for each in findings:
        field = _INDEX.sub("[]", each.field)
        path = renamed.get(each.path, each.path)
        about = (path, each.rule, each.kind, each.namespace, each.name, each.container, field)
        seen[about] += 1
        found[about, seen[about]] = each
    return found
