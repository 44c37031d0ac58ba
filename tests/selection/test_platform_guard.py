"""The platform guard: what runs today must run after the bump."""

import pytest

from bot.images import Platform, Tag
from bot.selection import Fact, Reason

AMD64, ARM64 = Platform("linux", "amd64"), Platform("linux", "arm64")
ATTESTATION = Platform("unknown", "unknown")


def test_a_tag_that_lacks_a_platform_in_use_is_refused_visibly(select, build_tag):
    tags = [build_tag("1.0.0", AMD64, ARM64), build_tag("1.1.0", AMD64, ARM64), build_tag("1.2.0", AMD64)]

    decision = select(tags, "*", tags[0])

    assert decision.selected.name == "1.1.0"
    assert "1.2.0 lacks linux/arm64" in decision.sentence
    assert decision.explain("1.2.0").reason is Reason.PLATFORM_MISSING
    assert decision.explain("1.2.0").sentence == "1.2.0 lacks linux/arm64"


def test_the_current_stays_where_every_newer_tag_lacks_a_platform(select, build_tag):
    tags = [build_tag("1.0.0", AMD64, ARM64), *(build_tag(f"1.{minor}.0", AMD64) for minor in range(1, 9))]

    decision = select(tags, "*", tags[0])

    assert (decision.selected.name, decision.reason) == ("1.0.0", Reason.CURRENT_IS_BEST)
    assert decision.sentence.count("lacks linux/arm64") == 3
    assert "5 more" in decision.sentence


def test_nothing_is_selected_where_the_current_is_unfit_and_all_others_lack_a_platform(select, build_tag):
    decision = select([build_tag("1.0.0", AMD64)], "1.x", build_tag("2.0.0", ARM64))

    assert (decision.selected, decision.reason) == (None, Reason.NO_MATCH)
    assert "1.0.0 lacks linux/arm64" in decision.sentence


def test_the_platforms_of_the_rule_come_before_those_in_use(select, build_rule, build_tag):
    tags = [build_tag("1.0.0", AMD64, ARM64), build_tag("1.1.0", AMD64), build_tag("1.2.0", ARM64)]

    only_amd64 = build_rule(platforms=frozenset({AMD64}))

    assert select(tags, only_amd64, tags[0]).selected.name == "1.1.0"


def test_a_newer_tag_with_more_platforms_is_fine(select, build_tag):
    tags = [build_tag("1.0.0", AMD64), build_tag("1.1.0", AMD64, ARM64)]

    assert select(tags, "*", tags[0]).selected.name == "1.1.0"


@pytest.mark.parametrize("other", [Platform("linux", "arm64", "v8"), Platform("linux", "aarch64")])
def test_another_spelling_of_a_platform_is_that_platform(select, build_tag, other):
    tags = [build_tag("1.0.0", ARM64), build_tag("1.1.0", other)]

    assert select(tags, "*", tags[0]).selected.name == "1.1.0"
    assert select(tags[::-1], "1.0.0", tags[1]).selected.name == "1.0.0"


def test_an_attestation_is_no_platform_to_miss(select, build_tag):
    tags = [build_tag("1.0.0", AMD64, ATTESTATION), build_tag("1.1.0", AMD64)]

    assert select(tags, "*", tags[0]).selected.name == "1.1.0"


def test_an_image_without_platforms_lacks_them_all(select, build_tag):
    tags = [build_tag("1.0.0", AMD64), Tag("1.1.0", platforms=frozenset())]

    assert select(tags, "*", tags[0]).explain("1.1.0").reason is Reason.PLATFORM_MISSING


def test_unknown_platforms_are_asked_for_best_candidate_first(select):
    tags = [Tag("1.0.0"), Tag("1.1.0"), Tag("1.2.0")]

    decision = select(tags, "*", tags[0])

    assert (decision.selected, decision.reason) == (None, Reason.FACT_MISSING)
    assert decision.wanted == ((tags[2], Fact.PLATFORMS), (tags[0], Fact.PLATFORMS))


def test_only_what_is_unknown_is_asked_for(select, build_tag):
    current, newer = build_tag("1.0.0", AMD64), build_tag("1.1.0", AMD64)

    assert select([current, Tag("1.1.0")], "*", current).wanted == ((Tag("1.1.0"), Fact.PLATFORMS),)
    assert select([Tag("1.0.0"), newer], "*", Tag("1.0.0")).wanted == ((Tag("1.0.0"), Fact.PLATFORMS),)


def test_with_a_platform_rule_those_in_use_are_not_asked_for(select, build_rule):
    decision = select([Tag("1.1.0")], build_rule(platforms=frozenset({AMD64})), Tag("1.0.0"))

    assert decision.wanted == ((Tag("1.1.0"), Fact.PLATFORMS),)


def test_the_platforms_of_the_current_are_taken_from_the_list_where_it_has_them(select, build_tag):
    tags = [build_tag("1.0.0", AMD64), build_tag("1.1.0", AMD64)]

    assert select(tags, "*", Tag("1.0.0")).selected.name == "1.1.0"


def test_answering_what_is_wanted_ends_in_a_decision(select, build_tag):
    known = {"1.0.0": {AMD64, ARM64}, "1.1.0": {AMD64, ARM64}, "1.2.0": {AMD64}, "1.3.0": {ARM64}}
    tags = {name: Tag(name) for name in known}
    asked = []

    while (decision := select(list(tags.values()), "*", tags["1.0.0"])).wanted:
        for wanted, _ in decision.wanted:
            asked.append(wanted.name)
            tags[wanted.name] = build_tag(wanted.name, *known[wanted.name])

    assert decision.selected.name == "1.1.0"
    assert asked == ["1.3.0", "1.0.0", "1.2.0", "1.1.0"]


@pytest.mark.parametrize("current", [None, Tag("1.0.0", platforms=frozenset())])
def test_nothing_is_required_where_nothing_is_in_use_or_its_manifest_is_gone(select, current):
    decision = select([Tag("1.0.0"), Tag("1.1.0")], "*", current)

    assert decision.selected.name == "1.1.0"
    assert decision.wanted == ()


def test_no_fact_is_wanted_where_there_is_nothing_to_choose(select):
    decision = select([Tag("1.0.0"), Tag("2.0.0")], "1.x", Tag("1.0.0"))

    assert (decision.selected.name, decision.wanted) == ("1.0.0", ())
