"""docs/migrating-from-flux.md: its example, its tables and what it says differs."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.images import Platform, Tag
from bot.policies import load
from bot.policies.flux import load_flux
from bot.policies.flux.unhonoured import UNHONOURED
from bot.selection import Constraint, SelectionRule, Strategy, TagFilter, Variant, choose

PAGE = (Path(__file__).parents[3] / "docs" / "migrating-from-flux.md").read_text("utf-8")
NOW = datetime(2026, 5, 1, tzinfo=UTC)
DIGEST = "sha256:" + "a" * 64
PLATFORMS = frozenset({Platform("linux", "amd64")})

VERSIONS = [
    "4.9.9", "5.0.0", "v5.0.1", "5.0.3", "5.0.3.sig", "5.0.4-rc.1", "5.0.4-alpine", "5.0", "5.1.0", "6.0.0", "latest",
    "sha256-aaa.sig", "5.0.10",
]  # fmt: skip
BUILDS = [
    "main-2d3fcbd-1611906956", "main-1111111-1611906957", "main-aaaaaaa-999999999", "dev-2d3fcbd-1711906956",
    "main-x-1", "main-2d3fcbd-1811906956.sig", "latest", "1611906999",
]  # fmt: skip


def example(name):
    (text,) = re.findall(rf"<!-- example: {name} -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    return text


def migrated():
    flux = load_flux({"clusters/prod/flux.yaml": example("flux").encode()})
    return flux, load(example("policies"))


def chosen(rule, names, current=None):
    tags = [Tag(name, digest=DIGEST, platforms=PLATFORMS) for name in names]
    standing = None if current is None else Tag(current, platforms=PLATFORMS)
    return choose(rule, tags, current=standing, now=NOW)


def semver(text, variant=Variant.ANY, **more):
    return SelectionRule(constraint=Constraint.parse(text), variant=variant, **more)


class TestTheExample:
    def test_is_two_policies_on_either_side(self):
        flux, ours = migrated()

        assert [policy.name for policy in flux.images] == ["flux-system:podinfo", "flux-system:web"]
        assert [policy.name for policy in ours.images] == ["flux-system:podinfo", "flux-system:web"]

    @pytest.mark.parametrize("index", [0, 1])
    @pytest.mark.parametrize(
        "field", ["image", "enabled", "rule", "range", "paths", "mode", "workflows", "grouped_under", "poll"]
    )
    def test_means_the_same_in_every_field(self, index, field):
        flux, ours = migrated()

        assert getattr(flux.images[index], field) == getattr(ours.images[index], field)

    @pytest.mark.parametrize("index", [0, 1])
    def test_is_delivered_in_the_same_way(self, index):
        flux, ours = migrated()

        assert flux.images[index].pull_request == ours.images[index].pull_request

    @pytest.mark.parametrize(
        ("index", "tags", "current", "selected"),
        [
            (0, VERSIONS, None, "5.0.10"),
            (0, VERSIONS, "5.0.3", "5.0.10"),
            (0, VERSIONS, "5.0.10", "5.0.10"),
            (0, VERSIONS, "6.0.0", "5.0.10"),
            (0, ["4.0.0"], "5.0.0", "5.0.0"),
            (0, ["4.0.0"], "4.0.0", None),
            (1, BUILDS, None, "main-1111111-1611906957"),
            (1, BUILDS, "main-aaaaaaa-999999999", "main-1111111-1611906957"),
            (1, BUILDS, "main-1111111-1611906957", "main-1111111-1611906957"),
            (1, ["latest"], "latest", None),
        ],
    )
    def test_decides_the_same(self, index, tags, current, selected):
        theirs, ours = (chosen(file.images[index].rule, tags, current) for file in migrated())

        assert (theirs, theirs.digest) == (ours, ours.digest)
        assert (ours.selected.name if ours.selected else None) == selected

    def test_asks_for_nothing_but_the_author_that_cannot_be_had(self):
        flux, ours = migrated()

        assert [problem.key for problem in flux.problems] == ["author"]
        assert ours.problems == ()


def test_the_page_names_what_the_code_does_not_honour():
    table = PAGE.partition("## What cannot be honoured")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| (\w+) \| `([\w.]+)` \| (.*) \|$", table, re.MULTILINE)

    assert rows == [(row.kind.value, row.field, row.instead) for row in UNHONOURED]


class TestWhatDiffers:
    def test_nothing_older_while_the_current_tag_fits(self):
        assert chosen(semver("1.x"), ["1.0.0", "1.1.0"], "1.2.0").selected.name == "1.2.0"

    def test_a_narrower_range_goes_back(self):
        assert chosen(semver("1.1.x"), ["1.0.0", "1.1.0", "1.2.0"], "1.2.0").selected.name == "1.1.0"

    def test_nothing_is_proposed_where_no_tag_matches(self):
        assert chosen(semver("2.x"), ["1.0.0"], "1.0.0").selected is None

    @pytest.mark.parametrize("bad", ["latest", "nan", "1e3", "0x10"])
    def test_a_tag_that_is_no_number_is_left_out(self, bad):
        rule = SelectionRule(Strategy.NUMERICAL, variant=Variant.ANY)

        assert chosen(rule, ["1", "2", bad]).selected.name == "2"

    def test_long_numbers_are_exact(self):
        rule = SelectionRule(Strategy.NUMERICAL, variant=Variant.ANY)

        assert chosen(rule, ["20260101120000001", "20260101120000002"]).selected.name == "20260101120000002"

    @pytest.mark.parametrize(("current", "selected"), [(None, "v1.0.0"), ("1.0.0", "1.0.0"), ("v1.0.0", "v1.0.0")])
    def test_ties_have_one_end(self, current, selected):
        assert chosen(semver("*"), ["1.0.0", "v1.0.0"], current).selected.name == selected

    @pytest.mark.parametrize(("current", "selected"), [(None, "b-5"), ("a-5", "a-5")])
    def test_tags_of_one_extracted_value_are_a_tie(self, current, selected):
        rule = SelectionRule(Strategy.NUMERICAL, variant=Variant.ANY, filter=TagFilter(r"^[a-z]+-(\d+)$", "$1"))

        assert chosen(rule, ["b-5", "a-5", "a-4"], current).selected.name == selected

    @pytest.mark.parametrize(
        ("text", "selected"),
        [(">=1.0.0-0 <2.0.0", "2.0.0-rc.1"), (">=1.0.0-0 <2.0.0-0", "1.1.0"), (">=1.0.0 <2.0.0", "1.1.0")],
    )
    def test_the_upper_bound_of_a_range_keeps_its_meaning(self, text, selected):
        assert chosen(semver(text), ["1.0.0", "1.1.0", "2.0.0-rc.1"]).selected.name == selected

    def test_pre_releases_compare_as_words_unless_taken_apart(self):
        apart = TagFilter(r"^(\d+\.\d+\.\d+)-rc(\d+)$", "$1-rc.$2")

        assert chosen(semver(">=1.0.0-0"), ["1.0.0-rc9", "1.0.0-rc10"]).selected.name == "1.0.0-rc9"
        assert chosen(semver(">=1.0.0-0"), ["1.0.0-rc.9", "1.0.0-rc.10"]).selected.name == "1.0.0-rc.10"
        assert chosen(semver(">=1.0.0-0", filter=apart), ["1.0.0-rc9", "1.0.0-rc10"]).selected.name == "1.0.0-rc10"
        assert apart.pattern in PAGE
        assert apart.extract in PAGE
