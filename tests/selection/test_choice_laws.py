"""Laws of the choice, whatever the strategy, the rule, the tags and what was laid upon them."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.images import Platform, Tag
from bot.selection import (
    Clock,
    Constraint,
    Order,
    PinDigest,
    Reason,
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
from bot.selection.rolls import SHORTEST_LIST, forget
from tests.selection.conftest import NOW
from tests.selection.satisfaction import accepts, is_of_the_family, judged, order_of

AMD64, ARM64, ARM64_8 = Platform("linux", "amd64"), Platform("linux", "arm64"), Platform("linux", "arm64", "v8")
RANGES = ["*", "1.x", "^1.x-0", ">=1.1 <3", "~2.1", "=1.0.0 || 2.x-0", "9.x"]
PINS = ["1.0.0", "2.1.0", "latest", "7", "sha256:a", "sha256:z"]

numbers = st.from_regex(r"v?[0-3](\.0?[0-3]){0,3}", fullmatch=True)
endings = st.sampled_from(
    ["", "", "", "-rc.1", "-rc.2", "-alpine3.9", "-alpine3.10", "-rc.1-alpine3.9", "_2", "_build.10", "-2"]
)
dates = st.from_regex(r"202[56]\.1?[1-3](\.[1-3])?(-[1-3])?", fullmatch=True)
words = st.sampled_from(["latest", "main", "main-1", "main-2", "7", "07", "8", "-3.50", "1.0.0.sig", "", "sha256:a"])
names = st.builds(str.__add__, numbers, endings) | dates | words | st.text(max_size=6)
some_days = st.integers(-1, 6).map(lambda count: NOW - timedelta(days=count))
days = st.none() | some_days
some_digests = st.sampled_from(["sha256:a", "sha256:b"])
digests = st.none() | some_digests
platforms = st.frozensets(st.sampled_from([AMD64, ARM64, ARM64_8]))


tags = st.builds(Tag, names, digests, days, st.none() | platforms, days, days)
known_tags = st.builds(Tag, names, some_digests, days, platforms, days, some_days)
standing = st.builds(replace, known_tags, digest=digests)

rules = st.builds(
    SelectionRule,
    strategy=st.sampled_from(Strategy),
    constraint=st.sampled_from(RANGES).map(Constraint.parse),
    exclude=st.sampled_from([(r"\.(sig|att|sbom)$",), (), ("^1", "alpine")]),
    platforms=st.none() | platforms,
    variant=st.sampled_from(Variant),
    versioning=st.sampled_from(Versioning),
    updates=st.frozensets(st.sampled_from(UpdateKind), min_size=3),
    filter=st.none()
    | st.sampled_from([TagFilter("^v?(.*)$", "$1"), TagFilter("^main-"), TagFilter(r"([0-9.]+)", "$1")]),
    clock=st.sampled_from(Clock),
    track=st.none() | st.sampled_from(["latest", "main"]),
    order=st.sampled_from(Order),
    min_age=st.sampled_from([timedelta(0), timedelta(0), timedelta(days=3)]),
    pin=st.none() | st.none() | st.none() | st.sampled_from(PINS),
    pin_digest=st.sampled_from(PinDigest),
)
restrictions = st.lists(
    st.builds(
        Restriction,
        st.sampled_from(RestrictionKind),
        tag=st.none() | names,
        digest=st.none() | st.just("sha256:a"),
        range=st.none() | st.sampled_from(RANGES).map(Constraint.parse),
        until=days,
        beyond=st.none() | st.none() | names,
    ),
    max_size=2,
)


def listing(some_tags):
    return st.lists(some_tags, max_size=12, unique_by=lambda tag: tag.name)


def is_free(rule, laid):
    """Whether nothing is pinned, so that the rule itself decides, and tags have an order."""
    has_pin = rule.pin is not None or any(each.kind is RestrictionKind.PIN for each in laid)
    return rule.strategy is not Strategy.DIGEST and not has_pin


def in_force(laid):
    return [each for each in laid if each.until is None or each.until > NOW]


def means(restriction, rule, tag):
    read = judged(rule, tag.name) if rule.strategy is Strategy.SEMVER else None
    return (
        restriction.kind is not RestrictionKind.PIN
        and not (restriction.beyond and restriction.kind in {RestrictionKind.HOLD, RestrictionKind.IGNORE})
        and restriction.tag in {None, tag.name}
        and restriction.digest in {None, tag.digest}
        and (restriction.range is None or (read is not None and restriction.range.allows(read.version)))
    )


@given(rules, st.lists(tags, max_size=12), st.none() | tags, restrictions, st.randoms())
def test_the_order_of_the_tags_does_not_matter(rule, listed, current, laid, random):
    shuffled = random.sample(listed, len(listed))

    one = choose(rule, listed, current=current, restrictions=laid, now=NOW)
    other = choose(rule, shuffled, current=current, restrictions=laid, now=NOW)

    assert one == other
    assert list(one.rejected) == list(other.rejected)


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_what_is_chosen_satisfies_the_rule(rule, listed, current, laid):
    selected = choose(rule, listed, current=current, restrictions=laid, now=NOW).selected

    if selected is None or not is_free(rule, laid):
        return
    present = None if current is None else current.name
    assert accepts(rule, selected.name) or judged(rule, selected.name) is None is not rule.filter or selected == current
    if selected == current:
        return
    assert selected in listed
    assert accepts(rule, selected.name)
    assert is_of_the_family(rule, selected.name, present)
    assert order_of(rule, selected) is not None
    assert not any(means(each, rule, selected) for each in in_force(laid))
    if rule.min_age:
        assert NOW - (selected.pushed_at or selected.first_seen) >= rule.min_age


@given(rules, listing(tags), tags, restrictions)
def test_nothing_older_is_chosen_while_the_current_satisfies_the_rule(rule, listed, current, laid):
    selected = choose(rule, listed, current=current, restrictions=laid, now=NOW).selected

    if selected is None or not is_free(rule, laid) or not accepts(rule, current.name) or selected.name == current.name:
        return
    here = next((tag for tag in listed if tag.name == current.name), current)
    before = order_of(rule, current) or order_of(rule, here)
    if before is None:
        assert here is current  # it is gone, and when it came is not known
    elif rule.order is Order.DESCENDING and rule.strategy in {Strategy.ALPHABETICAL, Strategy.NUMERICAL}:
        assert order_of(rule, selected) < before
    else:
        assert order_of(rule, selected) > before


@given(rules, listing(known_tags), standing, restrictions)
def test_no_platform_in_use_is_lost(rule, listed, current, laid):
    decision = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    selected = decision.selected
    if selected is not None and (selected.name != current.name or decision.digest not in {None, current.digest}):
        required = current.platforms if rule.platforms is None else rule.platforms
        offered = {platform.normalised() for platform in selected.platforms or ()}
        is_new = selected.name != current.name or current.digest is not None
        assert not is_new or {platform.normalised() for platform in required} <= offered


@given(rules, listing(known_tags), st.none() | standing, restrictions)
def test_what_was_chosen_is_chosen_again(rule, listed, current, laid):
    first = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    if first.selected is not None:
        written = replace(first.selected, digest=first.digest)
        again = choose(rule, listed, current=written, restrictions=laid, now=NOW)
        assert (again.wanted, again.selected.name, again.digest) == ((), written.name, written.digest)
        assert again.update is None


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_every_tag_has_a_reason(rule, listed, current, laid):
    decision = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    rejected = dict(decision.rejected)
    for tag in listed:
        assert decision.explain(tag.name) == rejected.get(tag, decision.explain(tag.name))
        assert (decision.explain(tag.name) is None) == (decision.reason is Reason.NO_TAGS)
    kept = {tag.name for tag in (decision.selected, current) if tag is not None}
    assert {tag.name for tag in rejected} | kept >= {tag.name for tag in listed}
    assert decision.selected not in rejected
    assert all(explained.sentence for explained in rejected.values())


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_while_something_is_wanted_nothing_is_selected(rule, listed, current, laid):
    decision = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    assert (decision.reason is Reason.FACT_MISSING) == bool(decision.wanted)
    assert decision.selected is None or not decision.wanted
    assert decision.selected is not None or decision.digest is None


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_it_tells_a_moment_to_ask_again_that_is_to_come(rule, listed, current, laid):
    decision = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    assert decision.reconsider_at is None or decision.reconsider_at > NOW


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_until_that_moment_the_same_facts_lead_to_the_same_choice(rule, listed, current, laid):
    decision = choose(rule, listed, current=current, restrictions=laid, now=NOW)
    moments = [each.until for each in laid if each.until is not None]
    moments += [born + rule.min_age for tag in listed for born in (tag.pushed_at, tag.first_seen) if born is not None]

    if decision.wanted:
        return  # whoever fetches what is wanted asks again in any case
    for later in moments:
        if later > NOW and (decision.reconsider_at is None or later < decision.reconsider_at):
            again = choose(rule, listed, current=current, restrictions=laid, now=later)
            assert (again.selected, again.digest, again.wanted) == (decision.selected, decision.digest, decision.wanted)


@given(rules, listing(tags), st.none() | tags, restrictions)
def test_a_tag_that_no_rule_accepts_changes_nothing(rule, listed, current, laid):
    stranger = Tag("not a tag")
    before = choose(rule, listed, current=current, restrictions=laid, now=NOW)

    if listed:
        assert choose(rule, [*listed, stranger], current=current, restrictions=laid, now=NOW) == before


MANY = [Tag(f"{number % 40}.{number // 40}.0", platforms=frozenset({AMD64})) for number in range(SHORTEST_LIST + 200)]


@settings(max_examples=30)
@given(rules, st.tuples(listing(tags), listing(tags)), st.none() | tags, st.integers(0, 100), st.sampled_from([1, -1]))
def test_what_is_remembered_of_another_list_changes_no_answer(rule, others, current, start, step):
    one, other = [*MANY[start:], *others[0]], [*MANY, *others[1]][::step]
    forget()
    choose(rule, one, current=current, now=NOW)
    remembering = choose(rule, other, current=current, now=NOW)
    forget()
    afresh = choose(rule, other, current=current, now=NOW)

    assert remembering == afresh
    assert list(remembering.shortened(20).rejected) == list(afresh.shortened(20).rejected)
