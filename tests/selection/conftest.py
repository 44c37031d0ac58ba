"""Builders for the choice: everything has a default, a test names only what it is about."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from bot.images import Platform, Tag
from bot.selection import Constraint, Decision, SelectionRule, choose

NOW = datetime(2026, 1, 4, tzinfo=UTC)

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")


def tag(name: str, *platforms: Platform) -> Tag:
    """Build a tag; without platforms named, it offers linux/amd64."""
    return Tag(name, platforms=frozenset(platforms or {AMD64}))


@pytest.fixture(scope="session")
def build_tag() -> Callable[..., Tag]:
    """Give the builder of tags."""
    return tag


@pytest.fixture(scope="session")
def build_rule() -> Callable[..., SelectionRule]:
    """Give the builder of rules: range "*", the default exclusions, the platforms of the image in use."""

    def build(version_range: str = "*", **settings: object) -> SelectionRule:
        return SelectionRule(constraint=Constraint.parse(version_range), **settings)

    return build


@pytest.fixture(scope="session")
def select(build_rule: Callable[..., SelectionRule]) -> Callable[..., Decision]:
    """Give a choice among tags, named or built, from a range or a rule, at a fixed time."""

    def choice(
        tags: Sequence[str | Tag], rule: str | SelectionRule = "*", current: str | Tag | None = None
    ) -> Decision:
        built = [each if isinstance(each, Tag) else tag(each) for each in tags]
        present = tag(current) if isinstance(current, str) else current
        chosen_by = build_rule(rule) if isinstance(rule, str) else rule
        return choose(chosen_by, built, current=present, now=NOW)

    return choice
