"""Tags that are gone or no tags at all, and the platform guard where a digest is added."""

from datetime import UTC, datetime, timedelta

from bot.images import Platform, Tag
from bot.selection import Clock, Fact, PinDigest, Reason, SelectionRule, Strategy, choose

NOW = datetime(2026, 1, 4, tzinfo=UTC)
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
ONE, BOTH = frozenset({AMD64}), frozenset({AMD64, ARM64})
GONE = frozenset()
DIGEST = "sha256:" + "a" * 64


def test_a_tag_that_is_gone_is_not_asked_when_it_was_created():
    created = [Tag(name, platforms=ONE, created_at=NOW - timedelta(days=days)) for name, days in (("a", 3), ("b", 1))]
    rule = SelectionRule(Strategy.NEWEST_BUILD, clock=Clock.CREATED)

    decision = choose(rule, [*created, Tag("gone", platforms=GONE)], current=created[0], now=NOW)

    assert decision.selected.name == "b"
    assert decision.explain("gone").reason is Reason.NO_CLOCK


def test_all_times_of_creation_are_asked_for_at_once():
    rule = SelectionRule(Strategy.NEWEST_BUILD, clock=Clock.CREATED)

    wanted = choose(rule, [Tag(f"b{number}", platforms=ONE) for number in range(300)], now=NOW).wanted

    assert len(wanted) == 300
    assert {fact for _, fact in wanted} == {Fact.CREATED_AT}


def test_the_digest_of_a_tag_that_is_gone_is_not_asked_for():
    current = Tag("stable", DIGEST, platforms=ONE)

    decision = choose(SelectionRule(Strategy.DIGEST), [Tag("stable", platforms=GONE)], current=current, now=NOW)

    assert (decision.reason, decision.wanted, decision.digest) == (Reason.CURRENT_IS_BEST, (), DIGEST)


def test_a_version_that_no_reference_can_hold_is_not_chosen():
    tags = [Tag(name, platforms=ONE) for name in ("1.2.3", "1.2.4+build", "1.3.0-" + "a" * 135)]

    decision = choose(SelectionRule(), tags, current=tags[0], now=NOW)

    assert decision.selected.name == "1.2.3"
    assert decision.explain("1.2.4+build").reason is Reason.NOT_A_TAG


def test_no_digest_is_added_that_lacks_a_platform_of_the_policy():
    rule = SelectionRule(pin_digest=PinDigest.IF_NOT_PRESENT, platforms=BOTH)
    current = Tag("1.0.0", platforms=BOTH)

    decision = choose(rule, [Tag("1.0.0", DIGEST, platforms=ONE)], current=current, now=NOW)

    assert (decision.selected.name, decision.digest) == ("1.0.0", None)
    assert "lacks linux/arm64" in decision.sentence


def test_the_tag_in_the_file_has_its_reason_among_the_rejected_where_nothing_is_selected():
    tags = [Tag(name, platforms=ONE) for name in ("edge", "latest")]

    decision = choose(SelectionRule(), tags, current=tags[1], now=NOW)

    assert {tag.name: why.reason for tag, why in decision.rejected} == {
        "edge": Reason.NOT_A_VERSION,
        "latest": Reason.NOT_A_VERSION,
    }
