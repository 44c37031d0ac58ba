"""Laws of what was turned down: nothing between the tag in the file and that one is chosen, and all else is as ever."""

from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.images import Platform, Tag
from bot.selection import Constraint, Order, PinDigest, Restriction, RestrictionKind, SelectionRule, Strategy, choose
from tests.selection.conftest import NOW
from tests.selection.satisfaction import accepts, is_of_the_family, order_of

AMD64 = frozenset({Platform("linux", "amd64")})
ORDERED = [Strategy.SEMVER, Strategy.ALPHABETICAL, Strategy.NUMERICAL, Strategy.NEWEST_BUILD]

rules = st.builds(
    SelectionRule,
    strategy=st.sampled_from(ORDERED),
    constraint=st.sampled_from(["*", "1.x", ">=1.1 <3", "~2.1"]).map(Constraint.parse),
    exclude=st.sampled_from([(), ("^1",), ("2$",)]),
    order=st.sampled_from(Order),
    min_age=st.sampled_from([timedelta(0), timedelta(days=3)]),
    pin_digest=st.sampled_from(PinDigest),
)
names = st.from_regex(r"[0-3]\.[0-3]\.[0-3]", fullmatch=True) | st.from_regex(r"[0-9]{1,2}", fullmatch=True)
tags = st.builds(
    Tag,
    names,
    st.sampled_from(["sha256:a", "sha256:b"]),
    st.integers(0, 6).map(lambda days: NOW - timedelta(days=days)),
    st.just(AMD64) | st.just(frozenset()),
)
listings = st.lists(tags, max_size=10, unique_by=lambda tag: tag.name)
kinds = st.sampled_from([RestrictionKind.HOLD, RestrictionKind.IGNORE])


def is_better(rule, one, other):
    is_descending = rule.order is Order.DESCENDING and rule.strategy in {Strategy.ALPHABETICAL, Strategy.NUMERICAL}
    mine, its = order_of(rule, one), order_of(rule, other)
    return mine < its if is_descending else mine > its


def decided(rule, listed, current, *laid):
    return choose(rule, listed, current=current, restrictions=laid, now=NOW)


@given(rules, listings, tags, st.tuples(tags, st.booleans()), kinds)
def test_nothing_between_is_chosen(rule, listed, current, turned_and_listed, kind):
    turned, is_listed = turned_and_listed
    others = [tag for tag in listed if tag.name not in {current.name, turned.name}]
    assume(turned.name != current.name and accepts(rule, turned.name))
    assume(is_of_the_family(rule, turned.name, current.name))
    assume(not accepts(rule, current.name) or is_better(rule, turned, current))

    needs_time = rule.strategy is Strategy.NEWEST_BUILD
    everything = [*others, current, *([turned] if is_listed or needs_time else [])]
    selected = decided(rule, everything, current, Restriction(kind, beyond=turned.name)).selected

    assert selected is None or is_better(rule, selected, turned)


@given(rules, listings, tags, names, kinds)
def test_what_is_better_is_chosen_as_ever(rule, listed, current, turned, kind):
    free = decided(rule, listed, current)
    known = next((tag for tag in [*listed, current] if tag.name == turned), Tag(turned))
    assume(free.selected is not None and accepts(rule, turned) and accepts(rule, free.selected.name))
    assume(order_of(rule, known) is not None and is_better(rule, free.selected, known))

    assert decided(rule, listed, current, Restriction(kind, beyond=turned)) == free


@given(rules, listings, tags, names, names)
def test_a_pin_gives_way_to_nothing_but_what_is_better(rule, listed, current, pinned, turned):
    known = next((tag for tag in [*listed, current] if tag.name == turned), Tag(turned))

    selected = decided(rule, listed, current, Restriction(RestrictionKind.PIN, tag=pinned, beyond=turned)).selected

    if selected is not None and selected.name != pinned:
        assert is_better(rule, selected, known)


@given(rules, listings, tags, names, kinds)
def test_what_was_turned_down_is_not_brought(rule, listed, current, turned, kind):
    selected = decided(rule, listed, current, Restriction(kind, beyond=turned)).selected

    assert selected is None or selected.name != turned or selected.name == current.name
