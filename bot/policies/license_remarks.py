"""Remarks on licences that a promotion is to do without and that SPDX does not list: they keep out next to nothing."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.policies.license_names import canonical, is_exception, is_known, is_own, names
from bot.policies.problems import Problem, shown_key, suggestion
from bot.policies.tree import place_of_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.policies.promotion_sections import CriterionSection, PromotionSection
    from bot.policies.tree import Node

MOST_REMARKS: Final = 20
_LISTED: Final = "not-one-of"
_Location = tuple[str | int, ...]


def license_remarks(sections: Sequence[PromotionSection], root: Node) -> tuple[Problem, ...]:
    """Give the first remarks in the order of the file, with the name that was perhaps meant. `root` is the file."""
    found = (
        _remark(name, place, root)
        for index, section in enumerate(sections)
        for name, place in _kept_out(section.when, ("promotions", index, "when"))
        if not _is_listed(name)
    )
    return tuple(islice(found, MOST_REMARKS))


def _kept_out(criteria: Sequence[CriterionSection], location: _Location) -> Iterator[tuple[str, _Location]]:
    """Give each name that a criterion lists under `not-one-of`, and where it stands."""
    for index, criterion in enumerate(criteria):
        here = (*location, index)
        yield from _kept_out(criterion.any_of or (), (*here, "any"))
        yield from _kept_out(criterion.all_of or (), (*here, "all"))
        listed = (criterion.license.not_one_of if criterion.license is not None else None) or ()
        for position, name in enumerate(listed):
            yield name, (*here, "license", _LISTED, position)


def _is_listed(written: str) -> bool:
    """Whether SPDX lists a licence, with or without an exception, or it is one that documents name themselves."""
    name = canonical(written)
    licence, within, exception = name.partition(" with ")
    return is_own(name) or (is_known(canonical(licence)) and (not within or is_exception(exception)))


def _remark(name: str, location: _Location, root: Node) -> Problem:
    place = place_of_value(root, location)
    said = "is no licence that SPDX lists, so it keeps out only what is under exactly these words"
    return Problem(place.line, place.column, _LISTED, f"{shown_key(name)} {said}{suggestion(name, names())}")
