"""Restrictions: what a person or the bot laid upon an image comes before what the policy wants."""

import pytest

from bot.images import Tag
from bot.selection import Fact, Reason

BAD = "sha256:bad"
TAGS = {"1.0.0": {"digest": "sha256:one"}, "1.1.0": {"digest": "sha256:two"}, "1.2.0": {"digest": BAD}}
REFUSING = [
    ("hold", Reason.HELD, "is held"),
    ("snooze", Reason.SNOOZED, "is snoozed"),
    ("ignore", Reason.IGNORED, "is ignored"),
    ("quarantine", Reason.QUARANTINED, "is in quarantine"),
]
STRATEGIES = ["semver", "newest-build", "digest", "alphabetical", "numerical"]


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("refusing", REFUSING)
def test_laid_upon_the_image_nothing_is_chosen(select, answer, refusing, strategy):
    kind, reason, said = refusing

    decision = select(TAGS, {"strategy": strategy}, "1.0.0", {"kind": kind, "reason": "we\nmove", "ends_in": 2})

    assert answer(decision) == (None, reason)
    assert decision.sentence == rf"The image {said} until 2026-01-06 00:00 UTC: 'we\nmove'."
    assert decision.explain("1.2.0").reason is Reason.NOT_REACHED
    assert decision.explain("1.0.0").reason is reason


@pytest.mark.parametrize("kind", [kind for kind, _, _ in REFUSING])
def test_it_ends_when_it_says(select, build_tag, kind):
    ending = build_tag("", pushed=-2).pushed_at

    assert select(TAGS, "*", "1.0.0", {"kind": kind, "ends_in": 2}).reconsider_at == ending
    assert select(TAGS, "*", "1.0.0", {"kind": kind, "ends_in": 0}).selected.name == "1.2.0"
    assert select(TAGS, "*", "1.0.0", {"kind": kind, "ends_in": -1}).selected.name == "1.2.0"
    assert select(TAGS, "*", "1.0.0", {"kind": kind}).reconsider_at is None


MEANT = [
    # what it shows, what is restricted
    ("a tag", {"tag": "1.2.0"}),
    ("a digest", {"digest": BAD}),
    ("a range", {"version_range": ">=1.2"}),
    ("a tag at a digest", {"tag": "1.2.0", "digest": BAD}),
    ("a tag in a range", {"tag": "1.2.0", "version_range": "1.x"}),
    ("whatever policy it was laid upon", {"tag": "1.2.0", "policy": "another"}),
]


@pytest.mark.parametrize("meant", [case[1] for case in MEANT], ids=[case[0] for case in MEANT])
@pytest.mark.parametrize("refusing", REFUSING)
def test_laid_upon_some_tags_they_are_never_proposed(select, answer, refusing, meant):
    kind, reason, said = refusing

    decision = select(TAGS, "*", "1.0.0", {"kind": kind, "reason": "it leaks", **meant})

    explained = decision.explain("1.2.0")
    assert answer(decision) == ("1.1.0", Reason.NEWER)
    assert (explained.reason, explained.sentence) == (reason, f"1.2.0 {said}: 'it leaks'")
    assert explained.sentence in decision.sentence


@pytest.mark.parametrize("meant", [case[1] for case in MEANT], ids=[case[0] for case in MEANT])
@pytest.mark.parametrize("kind", [kind for kind, _, _ in REFUSING])
def test_a_current_that_is_restricted_still_stands(select, answer, kind, meant):
    assert answer(select(TAGS, "*", "1.2.0", {"kind": kind, **meant})) == ("1.2.0", Reason.CURRENT_IS_BEST)


NOT_MEANT = [
    ("another tag", {"tag": "1.1.0"}),
    ("another digest", {"digest": "sha256:two"}),
    ("a tag at another digest", {"tag": "1.2.0", "digest": "sha256:two"}),
    ("another range", {"version_range": "<1.2"}),
    ("a tag outside the range", {"tag": "1.2.0", "version_range": "<1.2"}),
    ("one that ended", {"tag": "1.2.0", "ends_in": 0}),
]


@pytest.mark.parametrize("meant", [case[1] for case in NOT_MEANT], ids=[case[0] for case in NOT_MEANT])
@pytest.mark.parametrize("kind", [kind for kind, _, _ in REFUSING])
def test_other_tags_are_chosen_as_if_nothing_were_laid_upon_them(select, kind, meant):
    assert select(TAGS, "*", "1.0.0", {"kind": kind, **meant}).selected.name == "1.2.0"


def test_a_restriction_of_a_tag_ends_by_itself(select, build_tag):
    decision = select(TAGS, "*", "1.0.0", {"kind": "snooze", "tag": "1.2.0", "ends_in": 2})

    assert decision.selected.name == "1.1.0"
    assert decision.reconsider_at == build_tag("", pushed=-2).pushed_at
    assert decision.explain("1.2.0").sentence == "1.2.0 is snoozed until 2026-01-06 00:00 UTC"


RANGES = [
    # what it shows, rule, the range that is ignored, current, tag, whether it is ignored
    ("a pre-release of an ignored major version", "*-0", "2.x", "1.0.0", "2.0.0-rc.1", True),
    ("one of an ignored version", "*-0", "=2.0.0", "1.0.0", "2.0.0-rc.1", True),
    ("an ignored pre-release alone", "*-0", "=2.0.0-rc.1", "1.0.0", "2.0.0-rc.1", True),
    ("another one", "*-0", "=2.0.0-rc.1", "1.0.0", "2.0.0-rc.2", False),
    ("an earlier one than the range names", "*-0", ">=2.0.0-rc.2", "1.0.0", "2.0.0-rc.1", False),
    ("a suffix is nothing to a range", "*", ">=2.0.0", "1.0.0-alpine", "2.0.0-alpine", True),
    ("from below neither", "*", "<2.0.0", "1.0.0-alpine", "2.0.0-alpine", False),
    ("what a filter takes out", {"filter": ("^r-(.*)$", "$1")}, "2.x", "r-1.0.0", "r-2.0.0", True),
    ("four numbers", {"versioning": "four-part"}, "2.x", "1.0.0.1", "2.0.0.1", True),
    ("a date", {"versioning": "calver"}, "2027.x", "2026-11-20", "2027-01-01", True),
    ("a build", {"versioning": "build"}, "2.x", "1.0.0_1", "2.0.0_1", True),
    ("a version among words", {"strategy": "alphabetical"}, "2.x", "1.0.0", "2.0.0", True),
    ("a word", {"strategy": "alphabetical"}, "2.x", "1.0.0", "main", False),
]


@pytest.mark.parametrize("case", RANGES, ids=[case[0] for case in RANGES])
def test_a_restricted_range_is_of_versions_as_the_rule_reads_them(select, case):
    _, rule, version_range, current, name, is_ignored = case

    decision = select([current, name], rule, current, {"kind": "ignore", "version_range": version_range})

    assert decision.selected.name == (current if is_ignored else name)


def test_whether_a_digest_is_restricted_must_be_known(select, answer):
    restriction = {"kind": "quarantine", "digest": BAD}
    unknown = select(["1.0.0", "1.1.0"], "*", "1.0.0", restriction)

    assert (unknown.selected, unknown.reason) == (None, Reason.FACT_MISSING)
    assert [(tag.name, fact) for tag, fact in unknown.wanted] == [("1.1.0", Fact.DIGEST)]
    assert answer(select({"1.1.0": {"digest": BAD}}, "*", "1.0.0", restriction)) == ("1.0.0", Reason.CURRENT_IS_BEST)
    assert answer(select({"1.1.0": {"digest": "sha256:ok"}}, "*", "1.0.0", restriction)) == ("1.1.0", Reason.NEWER)


def test_what_else_must_be_known_is_asked_for_at_once(select):
    decision = select([Tag("1.1.0")], "*", Tag("1.0.0"), {"kind": "ignore", "digest": BAD})

    assert [(tag.name, fact) for tag, fact in decision.wanted] == [
        ("1.1.0", Fact.DIGEST),
        ("1.1.0", Fact.PLATFORMS),
        ("1.0.0", Fact.PLATFORMS),
    ]


@pytest.mark.parametrize("meant", [{"digest": BAD, "tag": "1.0.0"}, {"digest": BAD, "ends_in": 0}, {"tag": "1.0.0"}])
def test_a_digest_that_no_restriction_is_about_is_not_asked_for(select, meant):
    assert select(["1.1.0"], "*", "1.0.0", {"kind": "quarantine", **meant}).selected.name == "1.1.0"


def test_a_tag_that_is_gone_has_no_digest_to_ask_for(select):
    gone = Tag("1.1.0", platforms=frozenset())

    assert select([gone, "1.0.0"], "*", "1.0.0", {"kind": "ignore", "digest": BAD}).wanted == ()


def test_of_tags_that_came_at_once_the_one_that_is_not_restricted_is_no_guess(select):
    tags = {"1": {"first_seen": 3}, "2": {"first_seen": 1}, "3": {"first_seen": 1}}

    assert select(tags, {"strategy": "newest-build"}, "1", {"kind": "ignore", "tag": "3"}).selected.name == "2"


@pytest.mark.parametrize("strategy", ["semver", "newest-build", "alphabetical", "numerical"])
def test_every_strategy_passes_over_a_restricted_tag(select, strategy):
    tags = {"1": {"pushed": 3}, "2": {"pushed": 2}, "3": {"pushed": 1}}

    assert select(tags, {"strategy": strategy}, "1", {"kind": "ignore", "tag": "3"}).selected.name == "2"
