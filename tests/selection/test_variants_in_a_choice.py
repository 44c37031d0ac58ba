"""Variants in a choice: what takes the place of a tag is of its family, unless the rule says `variant: any`."""

import pytest

from bot.selection import Reason, UpdateKind

KEPT = [
    # what it shows, tags, range, current, selected, reason
    ("two numbers stay two", ["1.26", "1.26.1", "1"], "*", "1.25", "1.26", Reason.NEWER),
    ("one number stays one", ["17", "18", "18.1", "18.1.0"], "*", "17", "18", Reason.NEWER),
    ("three numbers stay three", ["1.25.1", "1.26", "2"], "*", "1.25.0", "1.25.1", Reason.NEWER),
    ("a range bounds short tags", ["1.25", "1.26", "2.0"], "1.x", "1.25", "1.26", Reason.NEWER),
    ("a v stays", ["v1.1.0", "1.2.0"], "*", "v1.0.0", "v1.1.0", Reason.NEWER),
    ("no v stays none", ["1.1.0", "v1.2.0"], "*", "1.0.0", "1.1.0", Reason.NEWER),
    ("a short v stays short", ["v2", "v2.1", "2"], "*", "v1", "v2", Reason.NEWER),
    ("a suffix stays", ["1.1.0", "1.1.0-alpine", "1.2.0"], "*", "1.0.0-alpine", "1.1.0-alpine", Reason.NEWER),
    ("none stays none", ["1.1.0", "1.2.0-alpine"], "*", "1.0.0", "1.1.0", Reason.NEWER),
    ("another suffix is another family", ["1.2.0-slim"], "*", "1.0.0-alpine", "1.0.0-alpine", Reason.CURRENT_IS_BEST),
    ("a short one with suffix", ["1.26-alpine", "1.26.1-alpine"], "*", "1.25-alpine", "1.26-alpine", Reason.NEWER),
    (
        "a suffix's numbers rise with the version",
        ["1.1.0-alpine3.20", "1.2.0"],
        "*",
        "1.0.0-alpine3.19",
        "1.1.0-alpine3.20",
        Reason.NEWER,
    ),
    (
        "or alone",
        ["1.0.0-alpine3.19", "1.0.0-alpine3.20"],
        "*",
        "1.0.0-alpine3.19",
        "1.0.0-alpine3.20",
        Reason.NEWER,
    ),
    ("as numbers", ["1.0.0-alpine3.9", "1.0.0-alpine3.10"], "*", "1.0.0-alpine3.9", "1.0.0-alpine3.10", Reason.NEWER),
    (
        "they order after the version",
        ["1.1.0-alpine3.19", "1.0.0-alpine3.21"],
        "*",
        "1.0.0-alpine3.19",
        "1.1.0-alpine3.19",
        Reason.NEWER,
    ),
    (
        "the greatest of a version wins",
        ["1.1.0-alpine3.19", "1.1.0-alpine3.20"],
        "*",
        "1.0.0-alpine3.19",
        "1.1.0-alpine3.20",
        Reason.NEWER,
    ),
    (
        "they never fall while the current fits",
        ["1.2.0-alpine3.18", "1.1.0-alpine3.19"],
        "*",
        "1.0.0-alpine3.19",
        "1.1.0-alpine3.19",
        Reason.NEWER,
    ),
    (
        "not for any version",
        ["9.0.0-alpine3.18"],
        "*",
        "1.0.0-alpine3.19",
        "1.0.0-alpine3.19",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "the revision of a build begins again with each version",
        ["1.2.4-debian-12-r0", "1.2.3-debian-12-r6", "1.2.5-debian-11-r9"],
        "*",
        "1.2.3-debian-12-r5",
        "1.2.4-debian-12-r0",
        Reason.NEWER,
    ),
    (
        "and counts within one",
        ["1.2.3-debian-12-r10", "1.2.3-debian-12-r9"],
        "*",
        "1.2.3-debian-12-r5",
        "1.2.3-debian-12-r10",
        Reason.NEWER,
    ),
    (
        "they may where the range was narrowed",
        ["1.0.0-alpine3.18"],
        "1.x",
        "2.0.0-alpine3.19",
        "1.0.0-alpine3.18",
        Reason.CURRENT_UNFIT,
    ),
    (
        "or moved up",
        ["2.0.0-alpine3.18"],
        "2.x",
        "1.0.0-alpine3.19",
        "2.0.0-alpine3.18",
        Reason.NEWER,
    ),
    (
        "more numbers are another family",
        ["1.1.0-alpine3.19.1"],
        "*",
        "1.0.0-alpine3.19",
        "1.0.0-alpine3.19",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "the range sees no suffix",
        ["1.0.1-alpine3.19", "1.1.0-alpine3.19"],
        "<1.1.0",
        "1.0.0-alpine3.19",
        "1.0.1-alpine3.19",
        Reason.NEWER,
    ),
    (
        "nor is it a pre-release that the range lets in",
        ["1.1.0-alpine"],
        ">=1.1.0",
        "1.1.0-alpine",
        "1.1.0-alpine",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "a pre-release with suffix stays out",
        ["1.1.0-rc.1-alpine"],
        "*",
        "1.0.0-alpine",
        "1.0.0-alpine",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "until the range lets it in",
        ["1.1.0-rc.1-alpine", "1.1.0-rc.2"],
        "*-0",
        "1.0.0-alpine",
        "1.1.0-rc.1-alpine",
        Reason.NEWER,
    ),
    (
        "and becomes its release",
        ["1.1.0-alpine", "1.1.0"],
        "*-0",
        "1.1.0-rc.1-alpine",
        "1.1.0-alpine",
        Reason.NEWER,
    ),
    (
        "a dotted number that cannot be read is left alone",
        ["1.3.0", "1.2.3.5"],
        "*",
        "1.2.3.4",
        None,
        Reason.NOT_A_VERSION,
    ),
    ("with a v too", ["v1.3.0"], "*", "v1.2.3.4", None, Reason.NOT_A_VERSION),
    ("one beyond 64 bits too", ["1.3.0"], "*", "1.2.99999999999999999999", None, Reason.NOT_A_VERSION),
    ("a word takes three numbers", ["1.3.0", "1.4", "1.4.0-alpine"], "*", "latest", "1.3.0", Reason.CURRENT_UNFIT),
    ("with a v or without", ["1.3.0", "v1.4.0"], "*", "stable", "v1.4.0", Reason.CURRENT_UNFIT),
    ("so does nothing", ["1.3.0", "v1.4.0", "1.5-alpine", "2"], "*", None, "v1.4.0", Reason.BEST),
    ("a word with a dash is a word", ["1.3.0"], "*", "alpine-3.19", "1.3.0", Reason.CURRENT_UNFIT),
    ("without its family nothing fits", ["1.3.0"], "1.x", "2.0.0-alpine", None, Reason.NO_MATCH),
]


@pytest.mark.parametrize("case", KEPT, ids=[case[0] for case in KEPT])
def test_the_family_of_the_tag_in_the_file_is_kept(select, answer, case):
    _, tags, version_range, current, selected, reason = case

    assert answer(select(tags, version_range, current)) == (selected, reason)


PODINFO = [
    "1.0.0",
    "1.1.0",
    "1.2.0-rc.1",
    "1.2.0-rc.2",
    "1.1.5-alpha.1",
    "2.0.0-rc.1",
    "2.0.0",
    "2.1.0-beta.1",
    "v1.1.1",
]
AS_FLUX = [
    # what it shows, tags, range, current, selected
    ("pre-releases by a caret", PODINFO, "^1.x-0", None, "1.2.0-rc.2"),
    ("pre-releases by a tilde", PODINFO, "~1.1-0", None, "1.1.5-alpha.1"),
    ("pre-releases up to one", PODINFO, ">1.0.0-rc <2.0.0-rc", None, "1.2.0-rc.2"),
    ("an upper bound lets its own pre-releases in", PODINFO, ">=1.0.0-0 <2.0.0", None, "2.0.0-rc.1"),
    ("all pre-releases", PODINFO, "*-0", None, "2.1.0-beta.1"),
    ("no pre-releases", PODINFO, "*", None, "2.0.0"),
    ("either of two ranges", PODINFO, ">=1.0.0-rc.0 || 2.x", None, "2.1.0-beta.1"),
    ("one version left out", PODINFO, "^1.1 !=1.1.1", None, "1.1.0"),
    ("from one to another", PODINFO, "1.0.0 - 2.0.0", None, "2.0.0"),
    ("three parts are needed", ["1.0.0", "1.2", "2"], "*", None, "1.0.0"),
    ("but dots in a pre-release count", ["1.0.0", "v1.2-rc.1"], "*-0", None, "v1.2-rc.1"),
    ("what follows a dash is a pre-release", ["1.0.0", "1.1.0-alpine"], "*", None, "1.0.0"),
    ("that the range may let in", ["1.0.0", "1.1.0-alpine"], "*-0", None, "1.1.0-alpine"),
    ("a plain tag is newer than one with a suffix", ["1.1.0", "1.1.0-alpine"], "*-0", "1.1.0-alpine", "1.1.0"),
    ("a v is nothing to keep", ["v1.1.0"], "*", "1.0.0", "v1.1.0"),
    ("nor is a precision", ["1.1.0", "1.2"], "*", "1.0", "1.1.0"),
    ("a short tag stands for its zeros", ["1.1.0", "1.2.0"], "*", "1.2", "1.2"),
    ("four numbers are replaced", ["1.3.0"], "*", "1.2.3.4", "1.3.0"),
    ("rc10 is lower than rc9", ["1.0.0-rc9", "1.0.0-rc10"], "*-0", None, "1.0.0-rc9"),
    ("rc.10 is not", ["1.0.0-rc.9", "1.0.0-rc.10"], "*-0", None, "1.0.0-rc.10"),
]


@pytest.mark.parametrize("case", AS_FLUX, ids=[case[0] for case in AS_FLUX])
def test_with_any_variant_tags_are_read_as_flux_reads_them(select, case):
    _, tags, version_range, current, selected = case

    assert select(tags, {"version_range": version_range, "variant": "any"}, current).selected.name == selected


WHY = [
    # current, another tag, reason, sentence
    (
        "1.0.0-alpine",
        "1.1.0",
        Reason.OTHER_VARIANT,
        "1.1.0 is another variant: it is not of the family of 1.0.0-alpine",
    ),
    (
        None,
        "1.1.0-alpine",
        Reason.OTHER_VARIANT,
        "1.1.0-alpine is another variant: it has a suffix, fewer or more numbers",
    ),
    (
        "1.0.0-alpine3.19",
        "1.1.0-alpine3.18",
        Reason.OTHER_VARIANT,
        "1.1.0-alpine3.18 is another variant: the numbers of its suffix are lower than those of 1.0.0-alpine3.19",
    ),
]


@pytest.mark.parametrize("case", WHY)
def test_another_variant_says_so(select, case):
    current, name, reason, sentence = case

    explained = select([name, "0.1.0"], "*", current).explain(name)

    assert (explained.reason, explained.sentence) == (reason, sentence)


def test_a_tag_that_is_left_alone_says_why(select):
    decision = select(["1.3.0"], "*", "1.2.3.4")

    assert decision.sentence == (
        "1.2.3.4 stays: it is no version in the versioning semver, so nothing tells which tags are its variants."
    )
    assert decision.explain("1.3.0").reason is Reason.NOT_REACHED


@pytest.mark.parametrize(
    ("current", "selected", "kind"),
    [
        ("1.0.0-alpine3.19", "1.0.0-alpine3.20", UpdateKind.BUILD),
        ("1.0.0-alpine3.19", "1.0.1-alpine3.20", UpdateKind.PATCH),
        ("1.0.0-rc.1-alpine", "1.0.0-alpine", UpdateKind.PATCH),
        ("1.25", "1.26", UpdateKind.MINOR),
        ("17", "18", UpdateKind.MAJOR),
    ],
)
def test_how_far_a_variant_moves_is_told_by_the_version(select, current, selected, kind):
    assert select([selected], "*-0", current).update is kind
