"""What an editor is told of the policy file is true: the schema is as the models are, and refuses nothing they take."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from bot.cli import commands
from bot.policies import PolicyFileError, load
from bot.policies.composing import compose
from bot.policies.schema import document, schema
from bot.policies.section import Section
from bot.policies.tree import plain_data
from tests.policies.editor import complaints
from tests.policies.frames import FRAMES, with_key

FILE = Path(__file__).parents[2] / "config" / "policies.schema.json"
SCHEMA = schema()


def is_loaded(text: str) -> bool:
    try:
        load(text)
    except PolicyFileError:
        return False
    return True


def sections() -> dict[str, dict[str, Any]]:
    """Give every described section by its name, the whole file too."""
    return {"FileSection": SCHEMA, **SCHEMA["$defs"]}


def objects(described: Any) -> Iterator[dict[str, Any]]:
    """Give every part of a schema that describes a mapping."""
    if isinstance(described, dict):
        if described.get("type") == "object":
            yield described
        for each in described.values():
            yield from objects(each)
    elif isinstance(described, list):
        for each in described:
            yield from objects(each)


def keys() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every key: the section it is of, its name, its schema."""
    for name, section in sections().items():
        for described in objects(section) if name != "FileSection" else [section]:
            for key, shape in described.get("properties", {}).items():
                yield name, key, shape


KEYS = [pytest.param(name, key, shape, id=f"{name}.{key}") for name, key, shape in keys()]


def test_the_file_in_config_is_up_to_date():
    assert FILE.read_text() == document(), "config/policies.schema.json is stale; write it again: make schema"


def test_the_schema_is_one_of_draft_2020_12():
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_it_is_the_same_text_each_time():
    assert document() == document()
    assert json.loads(document()) == SCHEMA


def test_no_mapping_takes_keys_that_nobody_knows():
    assert [each for each in objects(SCHEMA) if "additionalProperties" not in each] == []


@pytest.mark.parametrize(("section", "key", "shape"), KEYS)
def test_every_key_is_described(section, key, shape):
    assert shape["description"].endswith((".", "...")), shape


@pytest.mark.parametrize(("section", "key", "shape"), KEYS)
def test_what_is_offered_for_a_key_may_be_written_there(section, key, shape):
    validator = Draft202012Validator({"$defs": SCHEMA["$defs"], **shape})
    offered = [*shape.get("examples", ()), *([shape["default"]] if "default" in shape else ())]

    assert [each for each in offered if not validator.is_valid(each)] == []


TEXTS = [
    *("1.10", "5", "0", "0x1F", "010", "08", "0o17", "1e3", ".5", "1_000", "12:30:45", ".inf", "=", "1.5"),
    *("on", "off", "no", "Yes", "y", "true", "FALSE", "Off", "nO", "NO", "~", "'true'", "'1'", "'10'", "'OFF'"),
    *("2024-01-05", "2027-01-31", "2024-01-05T10:00:00Z", "latest", "a", "ghcr.io/o/app", "localhost", "é"),
    *("patch", "digest", "semver", "3d", "'5m'", "high", "linux/amd64", "mon", "Mon-FRI", "09:00-17:00", "UTC"),
    *("https://a", "%n", "sha256:" + "a" * 64, "[]", "{}", "[1]", "[on]", "[NO]", "[a, 5]", "[patch]", "[mon, tue]"),
    *("[linux/amd64]", "[1.5]", "{a: high}", "{on: off}", "{default: No}", "{1: high}", "{on: {labels: [1]}}"),
]


def test_every_section_has_a_frame():
    assert FRAMES.keys() == sections().keys()


@given(place=some.sampled_from([(section, key) for section, key, _ in keys()]), text=some.sampled_from(TEXTS))
def test_what_the_bot_takes_an_editor_takes(place, text):
    written = with_key(*place, text)

    assert not is_loaded(written) or not complaints(written), written


@pytest.mark.parametrize(
    ("section", "key", "text"),
    [
        ("FileSection", "version", "'1'"),
        ("LimitsSection", "new-per-hour", "'10'"),
        ("LimitsSection", "new-per-hour", "010"),
        ("ImageSection", "image", "5"),
        ("ImageSection", "name", "1.10"),
        ("ImageSection", "range", "1.10"),
        ("ImageSection", "range", "5"),
        ("ImageSection", "pin", "0x1"),
        ("ImageSection", "pin", "2024-01-05"),
        ("ImageSection", "exclude", "[5, on]"),
        ("ImageSection", "filter", "{pattern: 5, extract: 1}"),
        ("ImageSection", "credential", "no"),
        ("UpdateSection", "paths", "[5]"),
        ("PullRequestSection", "labels", "[1.10, yes, 5]"),
        ("PullRequestSection", "branch", "1.10"),
        ("PullRequestSection", "auto-merge", "FALSE"),
        ("WindowSection", "days", "[mon, fri]"),
        ("PullSecretSection", "registry", "1.5"),
        ("DangerousCapabilitiesSection", "allow", "[NO, ON]"),
        ("MissingResourceRequestsSection", "cpu", "1.5"),
        ("PromotionSection", "from", "5"),
        ("SignatureSection", "identity", "on"),
        ("TagSection", "one-of", "[1.10, on]"),
        ("VulnerabilitiesSection", "at-most", "'0'"),
    ],
)
def test_a_text_needs_no_quotes_and_a_number_may_have_some(section, key, text):
    written = with_key(section, key, text)

    assert is_loaded(written)
    assert not complaints(written)


@pytest.mark.parametrize("word", ["off", "no", "false", "Off", "NO", "'off'", "'No'", "False"])
def test_off_has_many_spellings(word):
    text = f"version: 1\nflux: {word}\nfindings: {{rules: {{run-as-root: {word}}}}}\n"

    assert is_loaded(text)
    assert not complaints(text)


@pytest.mark.parametrize(
    ("section", "key", "text"),
    [
        ("FileSection", "version", "2"),
        ("FileSection", "verison", "1"),
        ("FileSection", "enabled", "'true'"),
        ("FileSection", "flux", "on"),
        ("FileSection", "images", "{}"),
        ("FileSection", "images", "[{name: a}]"),
        ("FileSection", "groups", "[]"),
        ("FileSection", "groups", "{a: {label: [b]}}"),
        ("FileSection", "enforce", "[defaults.poll]"),
        ("LimitsSection", "open-pull-requests", "0"),
        ("LimitsSection", "open-pull-requests", "many"),
        ("LimitsSection", "open_pull_requests", "5"),
        ("DefaultsSection", "image", "a/b"),
        ("DefaultsSection", "min-age", "3 days"),
        ("DefaultsSection", "min-age", "3"),
        ("ImageSection", "image", "a/b@c"),
        ("ImageSection", "image", "[a/b]"),
        ("ImageSection", "image", ""),
        ("ImageSection", "name", "a b"),
        ("ImageSection", "strategy", "newest"),
        ("ImageSection", "range", "[1.x]"),
        ("ImageSection", "range", ""),
        ("ImageSection", "updates", "[]"),
        ("ImageSection", "updates", "patch"),
        ("ImageSection", "updates", "[tiny]"),
        ("ImageSection", "variant", "true"),
        ("ImageSection", "track", "a:b"),
        ("ImageSection", "filter", "{extract: $1}"),
        ("ImageSection", "filter", "main-.*"),
        ("ImageSection", "exclude", "'-dev$'"),
        ("ImageSection", "platforms", "[arm64]"),
        ("ImageSection", "platforms", "[]"),
        ("ImageSection", "pin-digest", "true"),
        ("UpdateSection", "path", "[a]"),
        ("UpdateSection", "paths", "[]"),
        ("UpdateSection", "mode", "all"),
        ("UpdateSection", "workflows", "yes please"),
        ("PullRequestSection", "auto-merge", "squash"),
        ("PullRequestSection", "delivery", "push"),
        ("PullRequestSection", "labels", "dependencies"),
        ("AutoMergeSection", "method", "fast-forward"),
        ("AutoMergeSection", "updates", "[]"),
        ("WindowSection", "hours", "9-17"),
        ("WindowSection", "day", "mon"),
        ("FindingsSection", "fail-on", "critical"),
        ("FindingsSection", "ignore", "[{rule: run-as-root}]"),
        ("FindingsSection", "ignore", "[{rule: run-as-rot, reason: a}]"),
        ("RulesSection", "run-as-rot", "high"),
        ("RulesSection", "run-as-root", "critical"),
        ("RulesSection", "run-as-root", "{default: critical}"),
        ("EnvironmentSection", "paths", "[]"),
        ("PullSecretSection", "secret", "a"),
        ("PromotionSection", "when", "[]"),
        ("PromotionSection", "mode", "move"),
        ("PromotionSection", "overwrite", "1"),
        ("CriterionSection", "size", "{}"),
        ("TagSection", "one-of", "[]"),
        ("VulnerabilitiesSection", "at-most", "-1"),
        ("SignatureSection", "issuer", "http://example.org"),
    ],
)
def test_what_an_editor_marks_as_wrong_the_bot_refuses_too(section, key, text):
    written = with_key(section, key, text)

    assert complaints(written)
    assert not is_loaded(written)


@pytest.mark.parametrize(("section", "key", "shape"), [each for each in KEYS if "examples" in each.values[2]])
def test_an_example_is_one_that_the_bot_reads(section, key, shape):
    model = {each.__name__: each for each in all_sections(Section)}[section]
    for example in shape["examples"]:
        written = plain_data(compose(yaml.safe_dump({key: example}))[0])
        assert key not in wrong_keys(model, written), example


def all_sections(section: type[Section]) -> Iterator[type[Section]]:
    """Give every kind of section there is."""
    for each in section.__subclasses__():
        yield each
        yield from all_sections(each)


def wrong_keys(section: type[Section], written: object) -> set[str]:
    """Name the keys that a section has something against."""
    try:
        section.model_validate(written)
    except ValidationError as error:
        return {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    return set()


def test_the_command_writes_the_schema_to_a_file(tmp_path):
    answered = CliRunner().invoke(commands, ["schema", "--output", str(tmp_path / "schema.json")])

    assert (answered.exit_code, answered.output) == (0, "")
    assert (tmp_path / "schema.json").read_text() == document()


def test_the_command_shows_the_schema():
    assert CliRunner().invoke(commands, ["schema"]).output == document()
