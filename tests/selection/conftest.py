"""Builders for the choice: everything has a default, a test names only what it is about.

Tables name their values in plain words: a tag is its name, or in a mapping its name with what is known of it; a rule is
its range, or its settings by keyword; a restriction is its settings by keyword. Times are days before NOW.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.images import Platform, Tag
from bot.selection import (
    Clock,
    Constraint,
    Decision,
    Order,
    PinDigest,
    Restriction,
    RestrictionKind,
    SelectionRule,
    Strategy,
    TagFilter,
    UpdateKind,
    Variant,
    Versioning,
    choose,
)

NOW = datetime(2026, 1, 4, tzinfo=UTC)

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")

_ENUMS = {
    "strategy": Strategy,
    "variant": Variant,
    "versioning": Versioning,
    "clock": Clock,
    "order": Order,
    "pin_digest": PinDigest,
}


def days_ago(days: float | datetime | None) -> datetime | None:
    """Give the moment so many days before NOW; a moment stays what it is."""
    return NOW - timedelta(days=days) if isinstance(days, int | float) else days


def tag(
    name: str,
    *platforms: Platform,
    digest: str | None = None,
    pushed: float | datetime | None = None,
    first_seen: float | datetime | None = None,
    created: float | datetime | None = None,
) -> Tag:
    """Build a tag; without platforms named, it offers linux/amd64. Times are days before NOW, or moments."""
    offered = frozenset(platforms or {AMD64})
    return Tag(name, digest, days_ago(pushed), offered, days_ago(first_seen), days_ago(created))


def rule(version_range: str = "*", **settings: object) -> SelectionRule:
    """Build a rule: range "*", the default exclusions, the platforms of the image in use; enums by their words."""
    for key, enum in _ENUMS.items():
        if isinstance(settings.get(key), str):
            settings[key] = enum(settings[key])
    if "updates" in settings:
        settings["updates"] = frozenset(map(UpdateKind, settings["updates"]))
    if isinstance(settings.get("min_age"), int):
        settings["min_age"] = timedelta(days=settings["min_age"])
    if isinstance(settings.get("filter"), tuple):
        settings["filter"] = TagFilter(*settings["filter"])
    return SelectionRule(constraint=Constraint.parse(version_range), **settings)


def restriction(
    kind: str, *, version_range: str | None = None, ends_in: float | None = None, **settings: object
) -> Restriction:
    """Build a restriction: of the whole image, for ever. `ends_in` is in days after NOW."""
    constraint = None if version_range is None else Constraint.parse(version_range)
    until = None if ends_in is None else NOW + timedelta(days=ends_in)
    return Restriction(RestrictionKind(kind), range=constraint, until=until, **settings)


def _tag_of(value: str | Tag | tuple[str, Mapping[str, object]] | None) -> Tag | None:
    if isinstance(value, str):
        return tag(value)
    if isinstance(value, tuple):
        name, facts = value
        return tag(name, **facts)
    return value


@pytest.fixture(scope="session")
def build_tag() -> Callable[..., Tag]:
    """Give the builder of tags."""
    return tag


@pytest.fixture(scope="session")
def build_rule() -> Callable[..., SelectionRule]:
    """Give the builder of rules."""
    return rule


@pytest.fixture(scope="session")
def build_restriction() -> Callable[..., Restriction]:
    """Give the builder of restrictions."""
    return restriction


@pytest.fixture(scope="session")
def select() -> Callable[..., Decision]:
    """Give a choice among tags, all in the plain words of the tables or built, at a fixed time."""

    def choice(
        tags: Iterable[str | Tag] | Mapping[str, Mapping[str, object]],
        chosen_by: str | Mapping[str, object] | SelectionRule = "*",
        current: str | Tag | tuple[str, Mapping[str, object]] | None = None,
        *restrictions: Mapping[str, object] | Restriction,
        complete: bool = True,
    ) -> Decision:
        built = [_tag_of(each) for each in (tags.items() if isinstance(tags, Mapping) else tags)]
        if isinstance(chosen_by, str):
            chosen_by = rule(chosen_by)
        laid = [restriction(**each) if isinstance(each, Mapping) else each for each in restrictions]
        return choose(
            chosen_by if isinstance(chosen_by, SelectionRule) else rule(**chosen_by),
            built,
            current=_tag_of(current),
            restrictions=laid,
            complete=complete,
            now=NOW,
        )

    return choice


@pytest.fixture(scope="session")
def answer() -> Callable[[Decision], tuple[str | None, object]]:
    """Give what most tables state of a decision: the name of the selected tag, None for none, and the reason."""
    return lambda decision: (decision.selected and decision.selected.name, decision.reason)
