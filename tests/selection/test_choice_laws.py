"""Laws of the choice, whatever the tags."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.images import Platform, Tag
from bot.selection import Constraint, Reason, SelectionRule, Version, choose
from bot.selection.acceptance import standing

NOW = datetime(2026, 1, 4, tzinfo=UTC)
PLATFORMS = st.frozensets(
    st.sampled_from([Platform("linux", "amd64"), Platform("linux", "arm64"), Platform("linux", "arm64", "v8")])
)
NAMES = (
    st.from_regex(r"v?[0-3](\.0?[0-3]){1,3}(-(rc\.[1-3]|alpine))?(\+b)?", fullmatch=True)
    | st.sampled_from(["latest", "main", "1.0.0.sig", ""])
    | st.text(max_size=6)
)
TAGS = st.builds(Tag, NAMES, platforms=st.none() | PLATFORMS)
KNOWN_TAGS = st.builds(Tag, NAMES, platforms=PLATFORMS)
RULES = st.builds(
    SelectionRule,
    constraint=st.sampled_from(["*", "1.x", "^1.x-0", ">=1.1 <3", "~2.1", "=1.0.0 || 2.x-0", "9.x"]).map(
        Constraint.parse
    ),
    platforms=st.none() | PLATFORMS,
)


def listing(tags):
    return st.lists(tags, max_size=12, unique_by=lambda tag: tag.name)


@given(RULES, listing(TAGS), st.none() | TAGS, st.randoms())
def test_the_order_of_the_tags_does_not_matter(rule, tags, current, random):
    shuffled = random.sample(tags, len(tags))

    one = choose(rule, tags, current=current, now=NOW)
    other = choose(rule, shuffled, current=current, now=NOW)

    assert one == other
    assert list(one.rejected) == list(other.rejected)


@given(RULES, st.lists(TAGS, max_size=12), st.none() | TAGS)
def test_what_is_chosen_satisfies_the_rule(rule, tags, current):
    selected = choose(rule, tags, current=current, now=NOW).selected

    if selected is not None:
        assert rule.constraint.allows(Version.parse(selected.name))
        assert not selected.name.endswith(".sig")
        assert selected == current or selected in tags


@given(RULES, listing(TAGS), TAGS)
def test_nothing_older_is_chosen_while_the_current_satisfies_the_rule(rule, tags, current):
    selected = choose(rule, tags, current=current, now=NOW).selected

    version = standing(rule, current.name)
    if selected is not None and isinstance(version, Version):
        assert Version.parse(selected.name) >= version
        assert selected == current or Version.parse(selected.name) > version


@given(RULES, listing(KNOWN_TAGS), KNOWN_TAGS)
def test_no_platform_in_use_is_lost(rule, tags, current):
    selected = choose(rule, tags, current=current, now=NOW).selected

    if selected is not None and selected != current:
        required = current.platforms if rule.platforms is None else rule.platforms
        offered = {platform.normalised() for platform in selected.platforms}
        assert {platform.normalised() for platform in required} <= offered


@given(RULES, listing(TAGS), st.none() | TAGS)
def test_choosing_again_changes_nothing(rule, tags, current):
    first = choose(rule, tags, current=current, now=NOW)

    if first.selected is not None:
        again = choose(rule, tags, current=first.selected, now=NOW)
        assert again.wanted or again.selected.name == first.selected.name


@given(RULES, listing(KNOWN_TAGS), st.none() | KNOWN_TAGS)
def test_with_all_facts_known_nothing_is_wanted_and_choosing_again_is_stable(rule, tags, current):
    first = choose(rule, tags, current=current, now=NOW)

    assert not first.wanted
    if first.selected is not None:
        again = choose(rule, tags, current=first.selected, now=NOW)
        assert again.selected.name == first.selected.name


@given(RULES, listing(TAGS), st.none() | TAGS)
def test_every_tag_has_a_reason(rule, tags, current):
    decision = choose(rule, tags, current=current, now=NOW)

    for tag in tags:
        assert (decision.explain(tag.name) is None) == (decision.reason is Reason.NO_TAGS)
    rejected = {tag.name for tag, _ in decision.rejected}
    kept = {tag.name for tag in (decision.selected, current) if tag is not None}
    assert rejected | kept >= {tag.name for tag in tags}


@given(RULES, listing(TAGS), TAGS)
def test_a_tag_outside_the_range_changes_nothing(rule, tags, current):
    stranger = Tag("7.7.7-never")
    before = choose(rule, tags, current=current, now=NOW)

    if before.reason is not Reason.NO_TAGS:
        assert choose(rule, [*tags, stranger], current=current, now=NOW).selected == before.selected
