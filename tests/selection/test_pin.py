"""A pin: one tag or one digest and nothing else, laid by the policy or by a person."""

import pytest

from bot.images import Platform, Tag
from bot.selection import Fact, Reason, UpdateKind

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
ONE, TWO, THREE = "sha256:one", "sha256:two", "sha256:three"
TAGS = {"1.0.0": {"digest": ONE}, "1.1.0": {"digest": TWO}, "1.2.0": {"digest": THREE}}

# the selected tag, the digest beside it, how far that is, the reason
TAKEN = ("1.1.0", None, UpdateKind.MINOR, Reason.PINNED)
TAKEN_WITH_DIGEST = ("1.1.0", TWO, UpdateKind.MINOR, Reason.PINNED)
MISSING = (None, None, None, Reason.NO_MATCH)
BARRED = (None, None, None, Reason.QUARANTINED)
CHOSEN = [
    # what it shows, rule, restrictions, current, what is chosen
    ("a tag", {"pin": "1.1.0"}, (), "1.0.0", TAKEN),
    ("an older tag", {"pin": "1.1.0"}, (), "1.2.0", TAKEN),
    ("the tag in the file", {"pin": "1.1.0"}, (), "1.1.0", ("1.1.0", None, None, Reason.PINNED)),
    ("where nothing stands", {"pin": "1.1.0"}, (), None, ("1.1.0", None, None, Reason.PINNED)),
    ("where a word stands", {"pin": "1.1.0"}, (), "latest", ("1.1.0", None, None, Reason.PINNED)),
    ("a tag that is not listed", {"pin": "1.1.1"}, (), "1.0.0", MISSING),
    ("the range is nothing to it", {"pin": "1.1.0", "version_range": "2.x"}, (), "1.0.0", TAKEN),
    ("nor what is excluded", {"pin": "1.1.0", "exclude": ("1",)}, (), "1.0.0", TAKEN),
    ("nor its age", {"pin": "1.1.0", "min_age": 3}, (), "1.0.0", TAKEN),
    ("nor the distance", {"pin": "1.1.0", "updates": ["patch"]}, (), "1.0.0", TAKEN),
    ("nor the variant", {"pin": "1.1.0"}, (), "1.0.0-alpine", TAKEN),
    ("nor a number that cannot be read", {"pin": "1.1.0"}, (), "1.2.3.4", ("1.1.0", None, None, Reason.PINNED)),
    ("nor that it is ignored", {"pin": "1.1.0"}, ({"kind": "ignore", "tag": "1.1.0"},), "1.0.0", TAKEN),
    ("quarantine is", {"pin": "1.1.0"}, ({"kind": "quarantine", "tag": "1.1.0"},), "1.0.0", BARRED),
    ("of its digest too", {"pin": "1.1.0"}, ({"kind": "quarantine", "digest": TWO},), "1.0.0", BARRED),
    ("of another is not", {"pin": "1.1.0"}, ({"kind": "quarantine", "tag": "1.2.0"},), "1.0.0", TAKEN),
    ("a hold comes before", {"pin": "1.1.0"}, ({"kind": "hold"},), "1.0.0", (None, None, None, Reason.HELD)),
    (
        "a person's pin wins",
        {"pin": "1.1.0"},
        ({"kind": "pin", "tag": "1.2.0"},),
        "1.0.0",
        ("1.2.0", None, UpdateKind.MINOR, Reason.PINNED),
    ),
    ("a person's alone", {}, ({"kind": "pin", "tag": "1.1.0"},), "1.0.0", TAKEN),
    (
        "one that ended",
        {},
        ({"kind": "pin", "tag": "1.1.0", "ends_in": 0},),
        "1.0.0",
        ("1.2.0", None, UpdateKind.MINOR, Reason.NEWER),
    ),
    ("the image where it stands", {}, ({"kind": "pin"},), "1.0.0", ("1.0.0", None, None, Reason.PINNED)),
    ("also where the registry has it no more", {}, ({"kind": "pin"},), "0.9.0", ("0.9.0", None, None, Reason.PINNED)),
    (
        "with the digest that stands there",
        {"pin_digest": "always"},
        ({"kind": "pin"},),
        ("1.0.0", {"digest": TWO}),
        ("1.0.0", TWO, None, Reason.PINNED),
    ),
    ("which it does nowhere", {}, ({"kind": "pin"},), None, ("1.2.0", None, None, Reason.BEST)),
    ("then the rule's counts", {"pin": "1.1.0"}, ({"kind": "pin"},), None, ("1.1.0", None, None, Reason.PINNED)),
    ("with its digest", {"pin": "1.1.0", "pin_digest": "always"}, (), "1.0.0", TAKEN_WITH_DIGEST),
    ("where a digest stands", {"pin": "1.1.0"}, (), ("1.0.0", {"digest": ONE}), TAKEN_WITH_DIGEST),
    ("a digest that stays", {"pin": "1.1.0"}, (), ("1.1.0", {"digest": ONE}), ("1.1.0", ONE, None, Reason.PINNED)),
    (
        "its digest moves, whatever its age and the distance",
        {"pin": "1.1.0", "pin_digest": "always", "min_age": 3, "updates": ["patch"]},
        (),
        ("1.1.0", {"digest": ONE}),
        ("1.1.0", TWO, UpdateKind.DIGEST, Reason.DIGEST_MOVED),
    ),
    ("a digest of a tag", {"pin": TWO}, (), "1.0.0", TAKEN_WITH_DIGEST),
    ("a digest of the tag in the file", {"pin": ONE}, (), "1.0.0", ("1.0.0", ONE, UpdateKind.DIGEST, Reason.PINNED)),
    ("a digest that stands", {"pin": ONE}, (), ("1.0.0", {"digest": ONE}), ("1.0.0", ONE, None, Reason.PINNED)),
    ("a digest where nothing stands", {"pin": TWO}, (), None, ("1.1.0", TWO, None, Reason.PINNED)),
    ("a digest by a person", {}, ({"kind": "pin", "digest": TWO},), "1.0.0", TAKEN_WITH_DIGEST),
    ("a tag at its digest", {}, ({"kind": "pin", "tag": "1.1.0", "digest": TWO},), "1.0.0", TAKEN_WITH_DIGEST),
    ("no tag has the digest, nothing stands", {"pin": "sha256:gone"}, (), None, MISSING),
    (
        "a digest that stands and no tag has",
        {"pin": "sha256:gone"},
        (),
        ("1.0.0", {"digest": "sha256:gone"}),
        ("1.0.0", "sha256:gone", None, Reason.PINNED),
    ),
    ("a digest in quarantine", {"pin": TWO}, ({"kind": "quarantine", "digest": TWO},), "1.0.0", BARRED),
    (
        "a followed tag",
        {"strategy": "digest", "pin": "1.1.0"},
        (),
        "1.0.0",
        ("1.1.0", TWO, UpdateKind.BUILD, Reason.PINNED),
    ),
    (
        "a followed tag that stands",
        {"strategy": "digest", "pin": "1.0.0"},
        (),
        "1.0.0",
        ("1.0.0", ONE, UpdateKind.DIGEST, Reason.DIGEST_ADDED),
    ),
    (
        "a followed one with its digest",
        {"strategy": "digest", "pin": "1.0.0"},
        (),
        ("1.0.0", {"digest": TWO}),
        ("1.0.0", TWO, None, Reason.PINNED),
    ),
    (
        "the newest build",
        {"strategy": "newest-build", "pin": "1.1.0"},
        (),
        "1.2.0",
        ("1.1.0", None, UpdateKind.BUILD, Reason.PINNED),
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_what_is_pinned_is_chosen_and_nothing_else(select, case):
    _, rule, restrictions, current, expected = case

    decision = select(TAGS, rule, current, *restrictions)

    name = decision.selected and decision.selected.name
    assert (name, decision.digest, decision.update, decision.reason) == expected
    assert decision.wanted == ()
    assert decision.sentence.endswith(".")


def test_of_several_tags_of_a_pinned_digest_the_one_in_the_file_wins(select):
    tags = {"1.0.0": {"digest": ONE}, "latest": {"digest": ONE}, "zebra": {"digest": ONE}}

    assert select(tags, {"pin": ONE}, "latest").selected.name == "latest"
    assert select(tags, {"pin": ONE}, "0.9.0").selected.name == "zebra"


def test_a_pinned_tag_must_offer_the_platforms_in_use(select, build_tag):
    tags = [build_tag("1.0.0", AMD64, ARM64), build_tag("1.1.0", AMD64)]

    decision = select(tags, {"pin": "1.1.0"}, tags[0])

    assert (decision.selected, decision.reason) == (None, Reason.PLATFORM_MISSING)
    assert decision.sentence == "1.1.0 is pinned. 1.1.0 lacks linux/arm64."


def test_what_a_pinned_tag_offers_is_asked_for(select, build_tag):
    decision = select([Tag("1.1.0")], {"pin": "1.1.0"}, build_tag("1.0.0"))

    assert decision.wanted == ((Tag("1.1.0"), Fact.PLATFORMS),)


def test_an_image_that_no_tag_points_at_is_asked_for_and_told_of_by_its_digest(select, build_tag):
    asked = select(["1.0.0"], {"pin": "sha256:gone"}, "1.0.0")
    told = build_tag("sha256:gone", digest="sha256:gone")
    decision = select(["1.0.0", told], {"pin": "sha256:gone"}, "1.0.0")

    assert asked.wanted == ((Tag("sha256:gone", "sha256:gone"), Fact.PLATFORMS),)
    assert (decision.selected.name, decision.digest) == ("1.0.0", "sha256:gone")
    assert decision.update is UpdateKind.DIGEST


def test_a_tag_is_pinned_at_a_digest_that_it_has_no_more(select, build_tag):
    told = build_tag("sha256:gone", digest="sha256:gone")

    decision = select(["1.0.0", "1.1.0", told], {}, "1.0.0", {"kind": "pin", "tag": "1.1.0", "digest": "sha256:gone"})

    assert (decision.selected.name, decision.digest) == ("1.1.0", "sha256:gone")


def test_whether_a_pinned_digest_is_in_quarantine_must_be_known(select):
    decision = select(["1.0.0", "1.1.0"], {"pin": "1.1.0"}, "1.0.0", {"kind": "quarantine", "digest": TWO})

    assert [(tag.name, fact) for tag, fact in decision.wanted] == [("1.1.0", Fact.DIGEST)]


@pytest.mark.parametrize(
    "restrictions",
    [
        [{"kind": "pin", "tag": "1.1.0", "ends_in": 2}],
        [{"kind": "pin", "tag": "1.1.0"}, {"kind": "quarantine", "tag": "1.1.0", "ends_in": 2}],
    ],
)
def test_the_end_of_a_pin_or_its_quarantine_is_when_to_ask_again(select, build_tag, restrictions):
    assert select(TAGS, {}, "1.0.0", *restrictions).reconsider_at == build_tag("", pushed=-2).pushed_at


SAID = [
    # pin, current, tag, reason, sentence
    ("1.1.0", "1.0.0", "1.2.0", Reason.NOT_PINNED, "1.2.0 is not 1.1.0, to which the image is pinned"),
    ("1.1.0", "1.0.0", "1.1.0", Reason.PINNED, "1.1.0 is pinned."),
    ("1.1.0", "1.1.0", "1.1.0", Reason.PINNED, "1.1.0 is pinned and stands in the file."),
    (TWO, "1.0.0", "1.2.0", Reason.NOT_PINNED, "1.2.0 is not sha256:two, to which the image is pinned"),
    (
        "9.9.9",
        "1.0.0",
        "1.0.0",
        Reason.NO_MATCH,
        "1.0.0 stands in the file. 9.9.9 is pinned, and the registry has no such tag.",
    ),
    ("\x1b", "1.0.0", "1.2.0", Reason.NOT_PINNED, r"1.2.0 is not '\x1b', to which the image is pinned"),
]


def test_a_pinned_tag_that_is_refused_says_why(select):
    decision = select(TAGS, {"pin": "1.1.0"}, "1.0.0", {"kind": "quarantine", "tag": "1.1.0"})

    assert decision.sentence == "1.1.0 is pinned. 1.1.0 is in quarantine."
    assert decision.explain("1.1.0").sentence == "1.1.0 is in quarantine"
    assert "1.1.0" in [tag.name for tag, _ in decision.rejected]


@pytest.mark.parametrize("case", SAID)
def test_how_a_pin_is_said(select, case):
    pin, current, name, reason, sentence = case

    explained = select(TAGS, {"pin": pin}, current).explain(name)

    assert (explained.reason, explained.sentence) == (reason, sentence)
