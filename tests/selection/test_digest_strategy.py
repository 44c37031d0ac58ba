"""The digest strategy: a mutable tag is followed, and the digest beside it moves when the tag was pushed again."""

import pytest

from bot.images import Platform, Tag
from bot.selection import Fact, Reason, UpdateKind

DIGEST = {"strategy": "digest"}
AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
OLD, NEW = "sha256:old", "sha256:new"

CHOSEN = [
    # what it shows, tags, rule, current, selected, digest, how far, reason
    (
        "unchanged",
        {"latest": {"digest": OLD}},
        DIGEST,
        ("latest", {"digest": OLD}),
        ("latest", OLD, None, Reason.CURRENT_IS_BEST),
    ),
    (
        "pushed again, the same image",
        {"latest": {"digest": OLD, "pushed": 0}},
        DIGEST,
        ("latest", {"digest": OLD, "pushed": 9}),
        ("latest", OLD, None, Reason.CURRENT_IS_BEST),
    ),
    (
        "moved",
        {"latest": {"digest": NEW}},
        DIGEST,
        ("latest", {"digest": OLD}),
        ("latest", NEW, UpdateKind.DIGEST, Reason.DIGEST_MOVED),
    ),
    (
        "added where none stands",
        {"latest": {"digest": NEW}},
        DIGEST,
        "latest",
        ("latest", NEW, UpdateKind.DIGEST, Reason.DIGEST_ADDED),
    ),
    (
        "the tag in the file is followed",
        {"stable": {"digest": NEW}, "latest": {"digest": OLD}},
        DIGEST,
        ("stable", {"digest": OLD}),
        ("stable", NEW, UpdateKind.DIGEST, Reason.DIGEST_MOVED),
    ),
    (
        "latest is, where nothing stands",
        {"stable": {"digest": OLD}, "latest": {"digest": NEW}},
        DIGEST,
        None,
        ("latest", NEW, None, Reason.BEST),
    ),
    (
        "the rule's tag comes first",
        {"stable": {"digest": NEW}, "1.0": {"digest": OLD}},
        {**DIGEST, "track": "stable"},
        ("1.0", {"digest": OLD}),
        ("stable", NEW, UpdateKind.BUILD, Reason.CURRENT_UNFIT),
    ),
    (
        "also where its image is the same",
        {"stable": {"digest": OLD}},
        {**DIGEST, "track": "stable"},
        ("1.0", {"digest": OLD}),
        ("stable", OLD, UpdateKind.BUILD, Reason.CURRENT_UNFIT),
    ),
    (
        "the tag is not listed",
        {"latest": {"digest": NEW}},
        DIGEST,
        ("stable", {"digest": OLD}),
        (None, None, None, Reason.NO_MATCH),
    ),
    (
        "nor the rule's tag",
        {"latest": {"digest": NEW}},
        {**DIGEST, "track": "edge"},
        ("latest", {"digest": OLD}),
        (None, None, None, Reason.NO_MATCH),
    ),
    (
        "newer tags are nothing to it",
        {"1.0.0": {"digest": OLD}, "1.1.0": {"digest": NEW}},
        DIGEST,
        ("1.0.0", {"digest": OLD}),
        ("1.0.0", OLD, None, Reason.CURRENT_IS_BEST),
    ),
    (
        "no digest is wanted",
        {"latest": {"digest": NEW}},
        {**DIGEST, "updates": ["patch", "minor", "major"]},
        ("latest", {"digest": OLD}),
        ("latest", OLD, None, Reason.CURRENT_IS_BEST),
    ),
    (
        "pushed too lately",
        {"latest": {"digest": NEW, "pushed": 1}},
        {**DIGEST, "min_age": 3},
        ("latest", {"digest": OLD}),
        ("latest", OLD, None, Reason.CURRENT_IS_BEST),
    ),
    (
        "pushed long ago",
        {"latest": {"digest": NEW, "pushed": 4}},
        {**DIGEST, "min_age": 3},
        ("latest", {"digest": OLD}),
        ("latest", NEW, UpdateKind.DIGEST, Reason.DIGEST_MOVED),
    ),
    (
        "what runs already is old enough",
        {"latest": {"digest": NEW, "pushed": 1}},
        {**DIGEST, "min_age": 3},
        "latest",
        ("latest", NEW, UpdateKind.DIGEST, Reason.DIGEST_ADDED),
    ),
    (
        "the rule's tag is too young to take over",
        {"stable": {"digest": NEW, "pushed": 1}},
        {**DIGEST, "track": "stable", "min_age": 3},
        ("1.0", {"digest": OLD}),
        (None, None, None, Reason.NO_MATCH),
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_the_digest_of_a_followed_tag(select, case):
    _, tags, rule, current, expected = case

    decision = select(tags, rule, current)

    name = decision.selected and decision.selected.name
    assert (name, decision.digest, decision.update, decision.reason) == expected
    assert decision.wanted == ()
    assert decision.sentence.endswith(".")


@pytest.mark.parametrize("current", ["latest", ("latest", {"digest": OLD}), None])
def test_a_digest_that_is_not_known_is_asked_for(select, current):
    decision = select(["latest"], DIGEST, current)

    assert (decision.selected, decision.reason) == (None, Reason.FACT_MISSING)
    assert [(tag.name, fact) for tag, fact in decision.wanted] == [("latest", Fact.DIGEST)]


def test_a_digest_without_a_platform_in_use_is_not_taken(select, build_tag):
    current = build_tag("latest", AMD64, ARM64, digest=OLD)

    decision = select([build_tag("latest", AMD64, digest=NEW)], DIGEST, current)

    assert (decision.selected, decision.digest, decision.update) == (current, OLD, None)
    assert decision.sentence == (
        "latest stays: it is the image in the file. Its new digest is not taken: latest lacks linux/arm64."
    )


def test_the_platforms_in_use_are_those_of_the_digest_in_the_file(select, build_tag):
    decision = select([build_tag("latest", AMD64, digest=NEW)], DIGEST, Tag("latest", OLD))

    assert decision.wanted == ((Tag("latest", OLD), Fact.PLATFORMS),)


def test_another_followed_tag_must_offer_the_platforms_in_use(select, build_tag):
    current = build_tag("1.0", AMD64, ARM64, digest=OLD)

    decision = select([build_tag("latest", AMD64, digest=NEW)], {**DIGEST, "track": "latest"}, current)

    assert (decision.selected, decision.reason, decision.sentence) == (
        None,
        Reason.NO_MATCH,
        "latest lacks linux/arm64.",
    )
    assert [(tag.name, why.reason) for tag, why in decision.rejected] == [("latest", Reason.PLATFORM_MISSING)]


def test_a_digest_that_waits_tells_when_it_will_be_old_enough(select, build_tag):
    tags = {"latest": {"digest": NEW, "pushed": 1}}

    decision = select(tags, {**DIGEST, "min_age": 3}, ("latest", {"digest": OLD}))

    assert decision.reconsider_at == build_tag("", pushed=-2).pushed_at


def test_other_tags_are_not_followed(select):
    decision = select({"latest": {"digest": OLD}, "1.0.0": {}}, DIGEST, ("latest", {"digest": OLD}))

    explained = decision.explain("1.0.0")
    assert (explained.reason, explained.sentence) == (
        Reason.NOT_TRACKED,
        "1.0.0 is not the tag that is followed, which is latest",
    )
    assert [tag.name for tag, _ in decision.rejected] == ["1.0.0"]


SAID = [
    ({"latest": {"digest": NEW}}, "latest", "latest gets its digest beside it."),
    (
        {"latest": {"digest": NEW}},
        ("latest", {"digest": OLD}),
        "latest was pushed again and is another image than the one in the file.",
    ),
    ({"stable": {}}, "latest", "The registry does not list latest."),
    ({"latest": {"digest": NEW}}, None, "latest is followed by its digest."),
]


@pytest.mark.parametrize(("tags", "current", "sentence"), SAID)
def test_how_a_followed_digest_is_said(select, tags, current, sentence):
    assert select(tags, DIGEST, current).sentence == sentence
