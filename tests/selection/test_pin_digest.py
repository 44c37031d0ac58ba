"""Pinning digests: whether the digest is written beside the tag, and when one that stands there moves."""

import pytest

from bot.images import Platform, Tag
from bot.selection import Fact, Reason, UpdateKind

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
OLD, NEW, NEXT = "sha256:old", "sha256:new", "sha256:next"
SAME = {"1.0.0": {"digest": OLD}}
MOVED = {"1.0.0": {"digest": NEW}}
NEWER = {"1.0.0": {"digest": OLD}, "1.1.0": {"digest": NEXT}}
BARE, WITH_DIGEST = ("1.0.0", {}), ("1.0.0", {"digest": OLD})

CHOSEN = [
    # what stands, what the registry has, pin-digest, tag, digest beside it, how far, reason
    ("no digest", SAME, BARE, "never", "1.0.0", None, None, Reason.CURRENT_IS_BEST),
    ("no digest", SAME, BARE, "if-not-present", "1.0.0", OLD, UpdateKind.DIGEST, Reason.DIGEST_ADDED),
    ("no digest", SAME, BARE, "always", "1.0.0", OLD, UpdateKind.DIGEST, Reason.DIGEST_ADDED),
    ("its digest", SAME, WITH_DIGEST, "never", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("its digest", SAME, WITH_DIGEST, "if-not-present", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("its digest", SAME, WITH_DIGEST, "always", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("a moved digest", MOVED, WITH_DIGEST, "never", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("a moved digest", MOVED, WITH_DIGEST, "if-not-present", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("a moved digest", MOVED, WITH_DIGEST, "always", "1.0.0", NEW, UpdateKind.DIGEST, Reason.DIGEST_MOVED),
    ("no digest and an older tag", NEWER, BARE, "never", "1.1.0", None, UpdateKind.MINOR, Reason.NEWER),
    ("no digest and an older tag", NEWER, BARE, "if-not-present", "1.1.0", NEXT, UpdateKind.MINOR, Reason.NEWER),
    ("no digest and an older tag", NEWER, BARE, "always", "1.1.0", NEXT, UpdateKind.MINOR, Reason.NEWER),
    ("an older tag with digest", NEWER, WITH_DIGEST, "never", "1.1.0", NEXT, UpdateKind.MINOR, Reason.NEWER),
    ("an older tag with digest", NEWER, WITH_DIGEST, "if-not-present", "1.1.0", NEXT, UpdateKind.MINOR, Reason.NEWER),
    ("an older tag with digest", NEWER, WITH_DIGEST, "always", "1.1.0", NEXT, UpdateKind.MINOR, Reason.NEWER),
    ("nothing", SAME, None, "never", "1.0.0", None, None, Reason.BEST),
    ("nothing", SAME, None, "if-not-present", "1.0.0", OLD, None, Reason.BEST),
    ("nothing", SAME, None, "always", "1.0.0", OLD, None, Reason.BEST),
    ("a tag that is gone", {"0.9.0": {}}, WITH_DIGEST, "always", "1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ("a tag that is gone, no digest", {"0.9.0": {}}, BARE, "always", "1.0.0", None, None, Reason.CURRENT_IS_BEST),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[f"{case[3]}: {case[0]} stands there" for case in CHOSEN])
def test_the_digest_beside_the_tag(select, case):
    _, tags, current, pin_digest, *expected = case

    decision = select(tags, {"pin_digest": pin_digest}, current)

    assert [decision.selected.name, decision.digest, decision.update, decision.reason] == expected
    assert decision.wanted == ()


WANTED = [
    # what it shows, pin-digest, tags, current, whose digest is wanted
    ("the best one's", "always", ["1.0.0", "1.1.0"], BARE, "1.1.0"),
    ("also where one stands", "never", ["1.0.0", "1.1.0"], WITH_DIGEST, "1.1.0"),
    ("that of the tag that stays", "always", ["1.0.0"], WITH_DIGEST, "1.0.0"),
    ("that of the one without", "if-not-present", ["1.0.0"], BARE, "1.0.0"),
]


@pytest.mark.parametrize("case", WANTED, ids=[case[0] for case in WANTED])
def test_a_digest_that_is_needed_is_asked_for(select, case):
    _, pin_digest, tags, current, wanted = case

    decision = select(tags, {"pin_digest": pin_digest}, current)

    assert (decision.selected, decision.reason) == (None, Reason.FACT_MISSING)
    assert [(tag.name, fact) for tag, fact in decision.wanted] == [(wanted, Fact.DIGEST)]
    assert decision.sentence == f"The digest of {wanted} is not known yet."


@pytest.mark.parametrize(("pin_digest", "current"), [("never", BARE), ("if-not-present", WITH_DIGEST)])
def test_a_digest_that_is_not_needed_is_not_asked_for(select, pin_digest, current):
    assert select(["1.0.0"], {"pin_digest": pin_digest}, current).wanted == ()


def test_a_moved_digest_without_a_platform_in_use_is_not_taken(select, build_tag):
    current = build_tag("1.0.0", AMD64, ARM64, digest=OLD)

    decision = select([build_tag("1.0.0", AMD64, digest=NEW)], {"pin_digest": "always"}, current)

    assert (decision.digest, decision.update, decision.reason) == (OLD, None, Reason.CURRENT_IS_BEST)
    assert "Its new digest is not taken: 1.0.0 lacks linux/arm64." in decision.sentence


def test_the_platforms_of_the_digest_in_the_file_are_asked_for_where_the_tag_moved(select, build_tag):
    decision = select([build_tag("1.0.0", digest=NEW)], {"pin_digest": "always"}, Tag("1.0.0", OLD))

    assert decision.wanted == ((Tag("1.0.0", OLD), Fact.PLATFORMS),)


REFUSED = [
    # what it shows, rule, restriction
    ("digests are not wanted", {"updates": ["patch"]}, None),
    ("it is too young", {"min_age": 3}, None),
    ("the new digest is in quarantine", {}, {"kind": "quarantine", "digest": NEW}),
    ("the tag is ignored", {}, {"kind": "ignore", "tag": "1.0.0"}),
]


@pytest.mark.parametrize("case", REFUSED, ids=[case[0] for case in REFUSED])
def test_a_moved_digest_is_not_taken(select, case):
    _, rule, restriction = case
    laid = () if restriction is None else (restriction,)

    decision = select({"1.0.0": {"digest": NEW, "pushed": 1}}, {"pin_digest": "always", **rule}, WITH_DIGEST, *laid)

    assert (decision.selected.name, decision.digest, decision.update) == ("1.0.0", OLD, None)
    assert "Its new digest is not taken: " in decision.sentence


def test_an_added_digest_is_said_with_what_else_was_decided(select):
    assert select(SAME, {"pin_digest": "always"}, BARE).sentence == (
        "1.0.0 gets its digest beside it. 1.0.0 stays: nothing newer is acceptable in the range *."
    )
