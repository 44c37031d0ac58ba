"""What docs/policies.md says is so: its examples are read, and lead to the choices that it tells."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from textwrap import indent

import pytest
import yaml

from bot.images import Platform, Tag
from bot.policies import PolicyFile, PolicyFileError, load
from bot.policies.schema import schema
from bot.selection import Constraint, Variant, Version, Versioning, choose
from bot.selection.reading import read
from tests.policies.editor import Editor, complaints
from tests.policies.page import Block, Table, codes, read_page

ELEMENTS = read_page()
BLOCKS = [each for each in ELEMENTS if isinstance(each, Block)]
TABLES = [each for each in ELEMENTS if isinstance(each, Table)]
SAMPLE = Path(__file__).parents[2] / "config" / "policies.yml"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AMD64 = frozenset({Platform("linux", "amd64")})

FRAMES = {
    "yaml": "{}",
    "yaml organisation": "{}",
    "yaml fragment=file": "version: 1\n{}",
    "yaml fragment=image": "version: 1\nimages:\n  - image: ghcr.io/acme/api\n{}",
    "yaml fragment=criteria": "version: 1\npromotions:\n  - name: a\n    from: a.b/c\n    to: a.b/d\n    when:\n{}",
}
DEPTHS = {"yaml fragment=image": 4, "yaml fragment=criteria": 6}
OUTCOME = ("tags", "in the file", "chosen", "reason")


def named(elements):
    return [pytest.param(each, id=f"line-{each.line}") for each in elements]


def whole(block: Block) -> str:
    """Put a fragment into the file that it is a part of."""
    return FRAMES[block.info].replace("{}", indent(block.text, " " * DEPTHS.get(block.info, 0)))


EXAMPLES = [each for each in BLOCKS if each.info in FRAMES]
REFUSED = [each for each in BLOCKS if each.info == "yaml refused"]
OUTCOMES = [
    pytest.param(block, row, id=f"line-{table.line + 2 + number}")
    for block, table in pairwise(ELEMENTS)
    if isinstance(block, Block) and isinstance(table, Table) and table.header == OUTCOME
    for number, row in enumerate(table.rows)
]


def test_every_block_is_of_a_kind_that_is_tested():
    others = {"yaml refused", "yaml manifest", "text"}

    assert [(each.line, each.info) for each in BLOCKS if each.info not in {*FRAMES, *others}] == []


def test_every_outcome_stands_behind_an_example():
    assert len(OUTCOMES) == sum(len(table.rows) for table in TABLES if table.header == OUTCOME) > 30


@pytest.mark.parametrize("block", named(EXAMPLES))
def test_an_example_is_read_without_a_problem(block):
    assert load(whole(block)).problems == ()


@pytest.mark.parametrize("block", named(EXAMPLES))
def test_an_editor_has_nothing_against_an_example(block):
    assert complaints(whole(block)) == []


@pytest.mark.parametrize("block", named(REFUSED))
def test_what_is_refused_is_told_as_the_page_tells_it(block):
    organisation = next(
        (each.text for each in BLOCKS if each.info == "yaml organisation" and each.heading == block.heading), None
    )
    with pytest.raises(PolicyFileError) as refused:
        load(block.text, organisation=organisation)
    told = next(each for each in BLOCKS if each.line > block.line)

    assert told.info == "text"
    assert told.text.splitlines() == [str(problem) for problem in refused.value.problems]


def tag_of(code: str, facts: str = "") -> Tag:
    """Read a tag of a table, such as stable@sha256:22, and its facts: pushed 3 days ago, first seen 1 day ago, a/b."""
    name, _, digest = code.partition("@sha256:")
    platforms = frozenset(map(Platform.parse, re.findall(r"\w+/\w+", facts)))
    return Tag(
        name,
        digest=f"sha256:{digest * 32}" if digest else None,
        pushed_at=time_of("pushed", facts),
        first_seen=time_of("first seen", facts),
        platforms=platforms or AMD64,
    )


def time_of(event: str, facts: str) -> datetime | None:
    match = re.search(rf"{event} (\d+) (day|hour)s? ago", facts)
    return match and NOW - timedelta(**{f"{match[2]}s": int(match[1])})


@pytest.mark.parametrize(("block", "row"), OUTCOMES)
def test_these_tags_lead_to_this_choice(block, row):
    tags, current, chosen, reason = row
    (policy,) = load(whole(block)).images
    listed = [tag_of(*found) for found in re.findall(r"`([^`]+)`(?: \(([^)]*)\))?", tags)]
    standing = tag_of(*codes(current))
    known = next((tag.platforms for tag in listed if tag.name == standing.name), AMD64)

    decision = choose(policy.rule, listed, current=Tag(standing.name, standing.digest, platforms=known), now=NOW)

    selected = "nothing" if decision.selected is None else decision.selected.name
    written = selected if decision.digest is None else f"{selected}@sha256:{decision.digest[-2:]}"
    assert (written, decision.reason.value) == (chosen.strip("`"), *codes(reason)), decision.sentence


RANGES = [row for table in TABLES if table.header[:1] == ("range",) for row in table.rows]


@pytest.mark.parametrize(("ranges", "means", "inside", "outside"), RANGES)
def test_a_range_means_what_its_table_says(ranges, means, inside, outside):
    for text in codes(ranges):
        constraint = Constraint.parse(text)

        assert [each for each in codes(inside) if not constraint.allows(Version.parse(each))] == []
        assert [each for each in codes(outside) if constraint.allows(Version.parse(each))] == []


@pytest.mark.parametrize(
    ("tag", "version", "suffix"), [row for table in TABLES if table.header[:1] == ("tag",) for row in table.rows]
)
def test_a_tag_is_read_as_its_table_says(tag, version, suffix):
    found = read(tag.strip("`"), Versioning.SEMVER, Variant.KEEP)

    assert (found.text, found.family.suffix) == (version.strip("`"), suffix.strip("`"))


@pytest.mark.parametrize(
    ("versioning", "how", "tags"),
    [row for table in TABLES if table.header[:1] == ("versioning",) for row in table.rows],
)
def test_a_versioning_orders_tags_as_its_table_says(versioning, how, tags):
    found = [read(tag, Versioning(versioning.strip("`")), Variant.KEEP) for tag in codes(tags)]

    assert len({each.family for each in found}) == 1
    assert [each.key for each in found] == sorted({each.key for each in found})


def contradictions() -> Iterator[str]:
    (table,) = (each for each in TABLES if each.header == ("what", "for example"))
    for _, example in table.rows:
        keys = codes(example)
        image = [] if keys[0].startswith("image:") else ["image: ghcr.io/acme/api"]
        yield "version: 1\nimages:\n" + indent("\n".join([*image, *keys]), "    ").replace("    ", "  - ", 1) + "\n"


@pytest.mark.parametrize("text", [*contradictions()])
def test_what_contradicts_itself_is_one_problem(text):
    with pytest.raises(PolicyFileError) as refused:
        load(text)

    assert len(refused.value.problems) == 1


def keys_of(text: str) -> Iterator[str]:
    """Name every key that is written anywhere in a file."""
    waiting = [yaml.load(text, Editor)]
    for each in waiting:
        if isinstance(each, dict):
            yield from each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def test_every_key_stands_in_an_example():
    written = {key for block in EXAMPLES for key in keys_of(whole(block))}

    assert known_keys() - written == set()


def known_keys() -> set[str]:
    whole_schema = schema()
    described = [whole_schema, *whole_schema["$defs"].values()]
    forms = [form for each in described for form in (each, *each.get("anyOf", ()))]
    return {key for form in forms for key in form.get("properties", {})}


def test_the_example_of_the_front_page_is_read():
    front = SAMPLE.parents[1] / "README.md"
    (example,) = (block.text for block in read_page(front) if isinstance(block, Block) and block.info == "yaml")

    assert load(example).problems == ()
    assert complaints(example) == []


class TestTheSample:
    def test_is_read_without_a_problem(self):
        assert isinstance(load(SAMPLE.read_text()), PolicyFile)

    def test_is_what_an_editor_takes(self):
        assert complaints(SAMPLE.read_text()) == []

    def test_names_the_schema_in_its_first_line(self):
        name = SAMPLE.read_text().splitlines()[0].removeprefix("# yaml-language-server: $schema=")

        assert (SAMPLE.parent / name).name == "policies.schema.json"
        assert (SAMPLE.parent / name).is_file()

    def test_writes_every_key(self):
        """But one, which is for another file and so stands there as a comment."""
        text = SAMPLE.read_text()

        assert known_keys() - set(keys_of(text)) == {"enforce"}
        assert load(text.replace("# enforce:", "enforce:"))
