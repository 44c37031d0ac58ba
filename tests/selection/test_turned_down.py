"""A version that somebody turned down: nothing is chosen until something better than it is there."""

import pytest

from bot.images import Tag
from bot.selection import Fact, Reason

OLD, BAD, NEW = "sha256:old", "sha256:bad", "sha256:new"
TURNED = {"kind": "hold", "beyond": "1.5.0", "reason": "it leaks"}
SENTENCE = "1.5.0 was turned down, and nothing better is there yet: 'it leaks'."
KINDS = [("hold", Reason.TURNED_DOWN), ("ignore", Reason.TURNED_DOWN)]


@pytest.mark.parametrize(("kind", "reason"), KINDS)
def test_nothing_is_chosen_while_it_would_win(select, answer, kind, reason):
    decision = select(["1.4.0", "1.5.0"], "*", "1.4.0", {**TURNED, "kind": kind})

    assert answer(decision) == (None, reason)
    assert decision.sentence == SENTENCE
    assert (decision.digest, decision.update, decision.wanted) == (None, None, ())


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])
def test_what_is_better_is_chosen(select, answer, kind):
    decision = select(["1.4.0", "1.5.0", "1.5.1"], "*", "1.4.0", {**TURNED, "kind": kind})

    assert answer(decision) == ("1.5.1", Reason.NEWER)


BETWEEN = [
    # what it shows, tags beside 1.4.0, settings of the rule
    ("one between", {"1.4.5": {}, "1.5.0": {}}, {}),
    ("one between, and it is gone", {"1.4.5": {}}, {}),
    ("it is gone and nothing else is there", {}, {}),
    ("it is too young", {"1.4.5": {"pushed": 9}, "1.5.0": {"pushed": 1}}, {"min_age": 3}),
    ("one better is too young", {"1.5.0": {"pushed": 9}, "1.6.0": {"pushed": 1}}, {"min_age": 3}),
    ("one better is too far", {"1.4.5": {}, "1.5.0": {}, "2.0.0": {}}, {"updates": ["minor", "patch"]}),
    ("one better is excluded", {"1.4.5": {}, "1.5.0": {}, "1.6.0": {}}, {"exclude": ("6",)}),
    ("one better is another variant", {"1.5.0": {}, "1.6.0-alpine": {}}, {}),
    ("one is the same version", {"1.5.0": {}, "v1.5.0": {}}, {"variant": "any"}),
]


@pytest.mark.parametrize(("tags", "settings"), [case[1:] for case in BETWEEN], ids=[case[0] for case in BETWEEN])
def test_nothing_between_is_chosen(select, answer, tags, settings):
    decision = select({"1.4.0": {"pushed": 99}, **tags}, settings, "1.4.0", TURNED)

    assert answer(decision) == (None, Reason.TURNED_DOWN)
    assert decision.sentence.startswith(SENTENCE.removesuffix("."))


def test_one_that_lacks_a_platform_still_keeps_what_is_worse_away(select, answer):
    lacking = Tag("1.5.0", platforms=frozenset())

    assert answer(select([lacking, "1.4.5"], "*", "1.4.0", TURNED)) == (None, Reason.TURNED_DOWN)


def test_why_a_better_one_is_not_taken_is_told_too(select, build_tag):
    tags = {"1.5.0": {"pushed": 9}, "1.6.0": {"pushed": 1}}
    decision = select(tags, {"min_age": 3}, ("1.4.0", {"pushed": 9}), TURNED)

    assert "1.6.0 was pushed on 2026-01-03 00:00 UTC and is to be 3 days old" in decision.sentence
    assert decision.reconsider_at == build_tag("", pushed=-2).pushed_at


IN_NOBODYS_WAY = [
    # what it shows, settings of the rule, current, the tag that was turned down, the tag that is chosen
    ("what stands is better", {}, "1.6.0", "1.5.0", "1.6.0"),
    ("it stands itself", {}, "1.5.0", "1.5.0", "1.5.0"),
    ("the range leaves it out", {"version_range": "<1.5"}, "1.4.0", "1.5.0", "1.4.5"),
    ("it is excluded", {"exclude": (r"^1\.5\.0$",)}, "1.4.0", "1.5.0", "1.4.5"),
    ("it is too far", {"updates": ["patch"]}, "1.4.0", "1.5.0", "1.4.5"),
    ("it is no version", {}, "1.4.0", "edge", "1.5.0"),
    ("it is no tag", {}, "1.4.0", "1.9.0 !", "1.5.0"),
    ("it is another variant", {}, "1.4.0", "1.9.0-alpine", "1.5.0"),
]


@pytest.mark.parametrize("case", IN_NOBODYS_WAY, ids=[case[0] for case in IN_NOBODYS_WAY])
def test_what_would_be_no_candidate_is_in_nobodys_way(select, build_rule, case):
    _, settings, current, turned, name = case

    decision = select(["1.4.0", "1.4.5", "1.5.0"], build_rule(**settings), current, {"kind": "hold", "beyond": turned})

    assert decision.selected.name == name


def test_who_ignores_it_altogether_lets_what_is_worse_be_chosen(select, answer):
    ignored = {"kind": "ignore", "version_range": "1.5.x"}

    assert answer(select(["1.4.5", "1.5.0"], "*", "1.4.0", TURNED, ignored)) == ("1.4.5", Reason.NEWER)


def test_when_that_ends_it_counts_again(select, build_tag):
    ignored = {"kind": "ignore", "tag": "1.5.0", "ends_in": 2}

    decision = select(["1.4.5", "1.5.0"], "*", "1.4.0", TURNED, ignored)
    assert decision.reconsider_at == build_tag("", pushed=-2).pushed_at


@pytest.mark.parametrize("other", ["quarantine", "snooze", "hold"])
def test_who_keeps_it_back_otherwise_does_not(select, answer, other):
    laid = {"kind": other, "tag": "1.5.0"}

    assert answer(select(["1.4.5", "1.5.0"], "*", "1.4.0", TURNED, laid)) == (None, Reason.TURNED_DOWN)


def test_of_several_the_best_counts(select, answer):
    lower, higher = {"kind": "ignore", "beyond": "1.5.0"}, {"kind": "hold", "beyond": "1.6.0"}
    tags = ["1.4.0", "1.5.0", "1.5.5", "1.6.0"]

    for laid in ([lower, higher], [higher, lower]):
        assert answer(select(tags, "*", "1.4.0", *laid)) == (None, Reason.TURNED_DOWN)
        assert answer(select(tags[:-1], "*", "1.4.0", *laid)) == (None, Reason.TURNED_DOWN)
        assert answer(select([*tags, "1.6.1"], "*", "1.4.0", *laid)) == ("1.6.1", Reason.NEWER)


@pytest.mark.parametrize(("kind", "reason"), KINDS)
def test_it_ends_when_it_says(select, answer, build_tag, kind, reason):
    ending = build_tag("", pushed=-2).pushed_at
    tags = ["1.4.0", "1.5.0"]

    held = select(tags, "*", "1.4.0", {**TURNED, "kind": kind, "ends_in": 2})
    assert (answer(held), held.reconsider_at) == ((None, reason), ending)
    assert select(tags, "*", "1.4.0", {**TURNED, "kind": kind, "ends_in": 0}).selected.name == "1.5.0"


def test_a_hold_of_the_whole_image_comes_first(select):
    decision = select(["1.5.1"], "*", "1.4.0", TURNED, {"kind": "hold", "reason": "we move"})

    assert decision.sentence == "The image is held: 'we move'."


def test_each_tag_is_told_why(select):
    decision = select(["1.4.0", "1.4.5", "1.5.0"], "*", "1.4.0", TURNED)

    assert decision.explain("1.5.0").reason is Reason.TURNED_DOWN
    assert decision.explain("1.5.0").sentence == SENTENCE.removesuffix(".")
    assert decision.explain("1.4.5").sentence == f"1.4.5 was not looked at. {SENTENCE}"
    assert decision.explain("1.4.0").sentence == f"1.4.0 stands in the file. {SENTENCE}"


def test_the_reason_is_shown_safely(select):
    decision = select(
        ["1", "2"], {"strategy": "alphabetical", "exclude": ()}, "1", {"kind": "hold", "beyond": "2", "reason": "a\nb"}
    )

    assert decision.sentence == r"2 was turned down, and nothing better is there yet: 'a\nb'."


def test_where_nothing_stands_it_is_not_chosen_either(select, answer):
    assert answer(select(["1.4.0", "1.5.0"], "*", None, TURNED)) == (None, Reason.TURNED_DOWN)
    assert answer(select(["1.5.0", "1.5.1"], "*", None, TURNED)) == ("1.5.1", Reason.BEST)


def test_what_does_not_fit_is_replaced_by_nothing_worse(select, answer):
    assert answer(select(["1.4.0", "1.5.0"], "1.x", "0.9.0", TURNED)) == (None, Reason.TURNED_DOWN)
    assert answer(select(["1.4.0", "1.5.1"], "1.x", "0.9.0", TURNED)) == ("1.5.1", Reason.NEWER)
    assert answer(select(["1.4.0", "1.5.0"], "1.x", "2.0.0", TURNED)) == (None, Reason.TURNED_DOWN)


def test_no_fact_is_asked_for_about_what_is_worse(select):
    decision = select([Tag("1.4.5"), Tag("1.5.0")], "*", Tag("1.4.0"), TURNED)

    assert decision.wanted == ()


def test_what_must_be_known_of_a_better_one_is_asked_for(select):
    decision = select([Tag("1.5.1"), "1.5.0"], "*", "1.4.0", TURNED)

    assert [(tag.name, fact) for tag, fact in decision.wanted] == [("1.5.1", Fact.PLATFORMS)]


ORDERS = [
    # strategy and order, the tags from worst to best
    ({"strategy": "semver"}, ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]),
    ({"strategy": "alphabetical"}, ["a", "b", "c", "d"]),
    ({"strategy": "alphabetical", "order": "desc"}, ["d", "c", "b", "a"]),
    ({"strategy": "numerical"}, ["1", "2", "10", "11"]),
    ({"strategy": "numerical", "order": "desc"}, ["11", "10", "2", "1"]),
    ({"strategy": "newest-build"}, ["z", "y", "x", "w"]),
]


@pytest.mark.parametrize(("settings", "names"), ORDERS)
def test_in_every_order_only_what_is_better_is_chosen(select, answer, settings, names):
    timed = {name: {"pushed": 9 - age} for age, name in enumerate(names)}
    here, between, turned, better = names
    laid = {"kind": "hold", "beyond": turned}

    assert answer(select(timed, settings, (here, timed[here]), laid)) == (better, Reason.NEWER)
    del timed[better]
    assert answer(select(timed, settings, (here, timed[here]), laid)) == (None, Reason.TURNED_DOWN)
    assert between in timed


def test_of_a_build_that_is_gone_no_time_is_known_and_so_it_is_in_nobodys_way(select, answer):
    laid = {"kind": "hold", "beyond": "main-3"}

    decision = select({"main-2": {"pushed": 2}}, {"strategy": "newest-build"}, ("main-1", {"pushed": 3}), laid)
    assert answer(decision) == ("main-2", Reason.NEWER)


IMAGES = [
    # strategy, what was turned down, whether the digest in the registry is kept back
    ("digest", {"beyond": "latest", "digest": BAD}, True),
    ("digest", {"beyond": "latest"}, True),
    ("digest", {"beyond": "latest", "digest": NEW}, False),
    ("digest", {"beyond": "stable", "digest": BAD}, False),
    ("alphabetical", {"beyond": "latest", "digest": BAD}, True),
    ("alphabetical", {"beyond": "latest"}, True),
    ("alphabetical", {"beyond": "latest", "digest": NEW}, False),
]


@pytest.mark.parametrize(("strategy", "turned", "is_kept"), IMAGES)
def test_a_tag_that_stays_is_turned_down_at_a_digest(select, answer, strategy, turned, is_kept):
    settings = {"strategy": strategy, "pin_digest": "always"}
    decision = select({"latest": {"digest": BAD}}, settings, ("latest", {"digest": OLD}), {"kind": "ignore", **turned})

    kept, moved = (None, Reason.TURNED_DOWN), ("latest", Reason.DIGEST_MOVED)
    assert answer(decision) == (kept if is_kept else moved)


def test_what_was_turned_down_at_a_digest_is_named_with_it(select):
    laid = {"kind": "ignore", "beyond": "latest", "digest": BAD}
    decision = select({"latest": {"digest": BAD}}, {"strategy": "digest"}, ("latest", {"digest": OLD}), laid)

    assert decision.sentence == f"latest@{BAD} was turned down, and nothing better is there yet."


def test_a_digest_says_nothing_of_a_tag_that_is_to_come(select, answer):
    laid = {**TURNED, "digest": BAD}
    tags = {"1.5.0": {"digest": NEW}, "1.4.0": {"digest": OLD}}

    decision = select(tags, {"pin_digest": "always"}, ("1.4.0", {"digest": OLD}), laid)
    assert answer(decision) == (None, Reason.TURNED_DOWN)


def test_the_image_that_stands_is_turned_down_by_nobody(select, answer):
    laid = {"kind": "ignore", "beyond": "latest", "digest": BAD}

    decision = select({"latest": {"digest": BAD}}, {"strategy": "digest"}, ("latest", {"digest": BAD}), laid)
    assert answer(decision) == ("latest", Reason.CURRENT_IS_BEST)


def test_a_tag_that_is_to_be_followed_may_be_turned_down(select, answer):
    laid = {"kind": "ignore", "beyond": "stable", "digest": BAD}
    settings = {"strategy": "digest", "track": "stable"}

    for digest, expected in ((BAD, (None, Reason.TURNED_DOWN)), (NEW, ("stable", Reason.CURRENT_UNFIT))):
        assert answer(select({"stable": {"digest": digest}}, settings, "1.0.0", laid)) == expected


def test_what_the_policy_pins_may_be_turned_down(select, answer):
    assert answer(select(["1.4.0", "1.5.0"], {"pin": "1.5.0"}, "1.4.0", TURNED)) == (None, Reason.TURNED_DOWN)
    assert answer(select(["1.4.0", "1.5.0"], {"pin": "1.5.0"}, "1.5.0", TURNED)) == ("1.5.0", Reason.PINNED)
    assert answer(select(["1.4.0", "1.4.5"], {"pin": "1.4.5"}, "1.4.0", TURNED)) == ("1.4.5", Reason.PINNED)


def test_what_a_person_pins_is_chosen_although_it_was_turned_down(select, answer):
    pin = {"kind": "pin", "tag": "1.5.0"}

    assert answer(select(["1.4.0", "1.5.0"], "*", "1.4.0", TURNED, pin)) == ("1.5.0", Reason.PINNED)
