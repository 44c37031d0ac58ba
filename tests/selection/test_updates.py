"""Updates: how far up a change may go from what stands in the file."""

import pytest

from bot.selection import Reason, UpdateKind

TAGS = ["1.2.3", "1.2.4", "1.3.0", "2.0.0"]
CHOSEN = [
    # what it shows, tags, rule, current, selected, reason
    ("all by default", TAGS, {}, "1.2.3", "2.0.0", Reason.NEWER),
    ("patches alone", TAGS, {"updates": ["patch"]}, "1.2.3", "1.2.4", Reason.NEWER),
    ("up to minor ones", TAGS, {"updates": ["patch", "minor"]}, "1.2.3", "1.3.0", Reason.NEWER),
    ("minor ones alone", TAGS, {"updates": ["minor"]}, "1.2.3", "1.3.0", Reason.NEWER),
    ("major ones alone", TAGS, {"updates": ["major"]}, "1.2.3", "2.0.0", Reason.NEWER),
    ("none", TAGS, {"updates": []}, "1.2.3", "1.2.3", Reason.CURRENT_IS_BEST),
    ("none of a kind", TAGS, {"updates": ["minor"]}, "1.3.0", "1.3.0", Reason.CURRENT_IS_BEST),
    (
        "a pre-release to its release is a patch",
        ["1.3.0"],
        {"version_range": "*-0", "updates": ["patch"]},
        "1.3.0-rc.1",
        "1.3.0",
        Reason.NEWER,
    ),
    (
        "a pre-release of a minor version is minor",
        ["1.3.0-rc.1"],
        {"version_range": "*-0", "updates": ["patch"]},
        "1.2.3",
        "1.2.3",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "a suffix alone is a build",
        ["1.2.3-alpine3.20", "1.2.4-alpine3.20"],
        {"updates": ["build"]},
        "1.2.3-alpine3.19",
        "1.2.3-alpine3.20",
        Reason.NEWER,
    ),
    ("nothing stands there", TAGS, {"updates": ["patch"]}, None, "2.0.0", Reason.BEST),
    ("a word stands there", TAGS, {"updates": ["patch"]}, "latest", "2.0.0", Reason.CURRENT_UNFIT),
    (
        "down, any distance",
        ["1.2.3"],
        {"version_range": "1.x", "updates": ["patch"]},
        "2.0.0",
        "1.2.3",
        Reason.CURRENT_UNFIT,
    ),
    (
        "up from an unfit one, no farther",
        TAGS,
        {"version_range": ">1.2.3", "updates": ["patch"]},
        "1.2.3",
        "1.2.4",
        Reason.NEWER,
    ),
    (
        "none is near enough",
        ["2.0.0"],
        {"version_range": "2.x", "updates": ["patch", "minor"]},
        "1.2.3",
        None,
        Reason.NO_MATCH,
    ),
    (
        "up from an unfit one, the nearer kinds count too",
        ["1.9.0", "2.1.0"],
        {"version_range": "!=2.0.0", "updates": ["major"]},
        "2.0.0",
        "2.1.0",
        Reason.NEWER,
    ),
    ("numbers are builds", ["8", "9"], {"strategy": "numerical", "updates": ["build"]}, "8", "9", Reason.NEWER),
    (
        "that may be unwanted",
        ["8", "9"],
        {"strategy": "numerical", "updates": ["patch", "minor", "major"]},
        "8",
        "8",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "so are the newest builds",
        {"a": {"pushed": 2}, "b": {"pushed": 1}},
        {"strategy": "newest-build", "updates": ["major"]},
        "a",
        "a",
        Reason.CURRENT_IS_BEST,
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_how_far_a_change_may_go(select, answer, case):
    _, tags, rule, current, selected, reason = case

    assert answer(select(tags, rule, current)) == (selected, reason)


def test_a_tag_that_is_too_far_says_so(select):
    decision = select(TAGS, {"updates": ["patch", "minor"]}, "1.2.3")

    explained = decision.explain("2.0.0")
    assert (explained.reason, explained.sentence) == (
        Reason.UPDATE_NOT_WANTED,
        "2.0.0 would be a major update; the policy takes patch, minor",
    )
    assert explained.sentence in decision.sentence


def test_where_no_update_is_wanted_that_is_said(select):
    assert select(TAGS, {"updates": []}, "1.2.3").explain("2.0.0").sentence.endswith("the policy takes none")


def test_an_older_tag_is_not_said_to_be_too_far(select, build_tag):
    tags = [build_tag("1.1.0"), build_tag("1.2.3"), build_tag("1.2.4", digest=None)]
    waiting = select(tags, {"updates": ["patch"]}, "1.2.3", {"kind": "ignore", "digest": "sha256:bad"})

    assert waiting.explain("1.1.0").reason is Reason.NOT_REACHED


@pytest.mark.parametrize(
    ("current", "selected", "kind"),
    [
        ("1.2.3", "1.2.4", UpdateKind.PATCH),
        ("1.2.3", "1.3.0", UpdateKind.MINOR),
        ("1.2.3", "2.0.0", UpdateKind.MAJOR),
        ("1.3.0-rc.1", "1.3.0", UpdateKind.PATCH),
        ("1.2.3", "1.2.3", None),
        (None, "1.2.3", None),
        ("latest", "1.2.3", None),
    ],
)
def test_the_decision_tells_how_far_the_change_goes(select, current, selected, kind):
    assert select([selected], "*-0", current).update is kind


def test_a_change_downwards_is_told_by_the_same_numbers(select):
    assert select(["1.2.3"], "1.x", "2.0.0").update is UpdateKind.MAJOR
