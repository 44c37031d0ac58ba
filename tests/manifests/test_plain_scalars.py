"""Without quotes stands only what every reader takes for the same text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.manifests.plain_scalars import is_read_as_text

TEXTS = (
    "1.9.0", "v1.9.0", "1.9.0-rc.1", "ghcr.io/acme/app:1.9.0", "app@sha256:" + "a" * 64, "latest", "1.x", "1e", "e3",
    "12f03", "1.2.3.4", "0:10", "60:99", "24:00:00x", "2024-01", "2024-01-01-debug", "2024.01.01", "20240101-abc",
    "yEs", "nULL", "yes1", "None", "v1", "-rc", "a b", "a  b", "a:b", "a#b", "größe", "日本", "_1", "1-1", "1+1",
    "0b2", "0o8", "08x", "1e3e3", "+", "...a", "---a", "-a", "?a", ":a", "a?b", "a,b", "a[0]", "a{}",
    "\N{GRINNING FACE}", "a\\b", "a'b", 'a"b', "a%b", "a!b", "a&b", "a*b", "Infinity", "nan", "inf",
)  # fmt: skip
OTHER_TYPES = (
    # integers
    "0", "7", "10", "+1", "-1", "007", "08", "017", "0o17", "0O17", "0x1F", "0x", "0X1f", "0b1", "0B1", "-0b1", "1_000",
    "1_", "0_7", "+_1", "99999999999999999999999999",
    # floats
    "1.10", "1.", "5.", ".5", "-.5", "+.5", "1e3", "12e03", "1E+3", "1.5e-3", "1.0_0", "1e1_0", ".inf", "-.INF",
    "+.Inf", ".nan", ".NaN", ".NAN", "._1",
    # sexagesimal numbers
    "1:30", "12:30:45", "1:30.5", "00:30.5",
    # times
    "2024-01-01", "2024-1-1", "2024-01-01T10:00:00Z", "2024-01-01 10:00:00 +01:00", "2024-1-1t1:1:1.5",
    # truth, nothing, and the two words with a meaning of their own
    "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
    "true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "~", "", "=", "<<",
)  # fmt: skip

NEVER_PLAIN = (
    " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "? a", ": a", "&a", "*a", "!a", "|", ">", "|a", "'a", '"a', "%a",
    "@a", "`a", "[a", "{a", "]a", "}a", ",a", "a\nb", "a\tb", "a\rb", "a\x85b", "a\u2028b", "\ufeffa", "a\x00", "a\x7f",
    "a\ud800", "-", "---", "...", "--- a", "... a",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_needs_no_quotes(text):
    assert is_read_as_text(text, in_flow=False)


@pytest.mark.parametrize("text", OTHER_TYPES)
@pytest.mark.parametrize("in_flow", [False, True])
def test_what_some_reader_takes_for_another_type_needs_quotes(text, in_flow):
    assert not is_read_as_text(text, in_flow=in_flow)


@pytest.mark.parametrize("text", NEVER_PLAIN)
@pytest.mark.parametrize("in_flow", [False, True])
def test_what_no_plain_scalar_can_hold_needs_quotes(text, in_flow):
    assert not is_read_as_text(text, in_flow=in_flow)


@pytest.mark.parametrize("text", ["a,b", "a[0]", "a]", "a{}", "a}", "a?b", "?a", ":a", "ghcr.io/acme/app:1,"])
def test_between_brackets_the_signs_of_flow_need_quotes(text):
    assert is_read_as_text(text, in_flow=False)
    assert not is_read_as_text(text, in_flow=True)


@pytest.mark.parametrize("text", ["ghcr.io/acme/app:1.9.0", "app@sha256:" + "a" * 64, "-a", "a b", "a#b", "a:b"])
def test_between_brackets_an_image_needs_no_quotes(text):
    assert is_read_as_text(text, in_flow=True)


def pyyaml(document: str):
    return yaml.load(document, yaml.CSafeLoader)


def pyyaml_of_its_own(document: str):
    return yaml.safe_load(document)


def ruamel_1_1(document: str):
    return ruamel(document, (1, 1))


def ruamel_1_2(document: str):
    return ruamel(document, (1, 2))


def ruamel(document: str, version):
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    return reader.load(document)


hostile = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789_.-+:eExXbBoOfF", max_size=12),
    st.text(alphabet="2014-:. TtZ+", max_size=24),
    st.text(alphabet="yYnNoOeEsStTrRuUaAlLfF~=<", max_size=5),
    st.text(alphabet="a1 :#-?,[]{}&*!|>'\"%@`\\\t\n~", max_size=8),
    st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}Z?)?", fullmatch=True),
)


@pytest.mark.parametrize("read", [pyyaml, pyyaml_of_its_own, ruamel_1_1, ruamel_1_2])
@given(text=hostile)
@example(text="12e03")
@example(text="1:30")
def test_every_reader_agrees_that_a_text_is_one(read, text):
    if is_read_as_text(text, in_flow=False):
        assert read(f"key: {text}\n") == {"key": text}
        assert read(f"- {text} # comment\n") == [text]
    if is_read_as_text(text, in_flow=True):
        assert read(f"key: [{text}, {{a: {text}}}]\n") == {"key": [text, {"a": text}]}


@given(st.from_regex(r"[a-z]{2}[a-z0-9._-]{0,20}/[a-z]{1,9}:[a-z0-9._-]{1,20}", fullmatch=True))
def test_an_image_that_does_not_end_in_a_colon_needs_no_quotes(text):
    assert is_read_as_text(text, in_flow=True)


@pytest.mark.parametrize("piece", ["1", "1_", "1.", "1:", ":1", "0x", "1e", "2024-", "a ", "a: ", " ", "-", "1:5"])
def test_a_hostile_text_is_judged_in_a_bounded_time(piece):
    assert is_read_as_text(piece * 50_000 + "x!", in_flow=False) is (piece not in {" ", "a: "})
