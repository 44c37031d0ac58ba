"""docs/rules.md tells what the rules find.

WRITE_PAGE=1 (`make pages`) writes the part of the page that comes from the rules; read it before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.findings import check
from bot.findings.rules import RULES
from bot.findings.telling_rules import rule_in_words
from bot.policies import load
from bot.policies.findings import RegistryPrefix, RuleSettings, settings_of
from bot.policies.rules import RULES as TABLE
from bot.policies.rules import RULES_BY_ID, Severity
from tests.findings.rules_page import BEGIN, END, with_rules

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
# A rule that needs an option is shown with this value of it.
NEEDED = {"image-registry-not-allowed": {"allow": (RegistryPrefix("ghcr.io", "acme"),)}}

rules = pytest.mark.parametrize("name", RULES_BY_ID)


def settings(name):
    """Give the settings of a rule that is on, with the options of its default but for those that it needs."""
    options = dict(settings_of(RULES_BY_ID[name]).options) | NEEDED.get(name, {})
    return RuleSettings(Severity.HIGH, (), tuple(options.items()))


def found_in(name, manifest):
    return [each.rule for each in check({"example.yaml": manifest.encode()}, {name: settings(name)})]


def test_the_page_tells_the_rules():
    written = with_rules(PAGE.read_text())
    if os.environ.get("WRITE_PAGE"):
        PAGE.write_text(written)
    assert PAGE.read_text() == written, "write it again: make pages"


def test_only_what_stands_between_the_comments_is_written():
    page = with_rules(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nmine too\n")
    assert page.startswith(f"# Mine\n\n{BEGIN}\n")
    assert page.endswith(f"{END}\n\nmine too\n")
    assert "\nold\n" not in page


def test_writing_twice_is_writing_once():
    once = with_rules(f"{BEGIN}\n{END}\n")
    assert with_rules(once) == once


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_page_without_the_comments_is_not_written(page):
    with pytest.raises(ValueError, match="the page needs the two comments"):
        with_rules(page)


def test_each_row_of_the_table_has_its_file():
    assert list(RULES) == [row.id for row in TABLE]


@rules
def test_a_rule_finds_something_in_its_bad_example(name):
    assert found_in(name, RULES[name].page.bad) == [name]


@rules
def test_a_rule_finds_nothing_in_its_good_example(name):
    assert found_in(name, RULES[name].page.good) == []


@rules
def test_the_examples_of_a_rule_differ_in_little(name):
    bad, good = (set(text.splitlines()) for text in (RULES[name].page.bad, RULES[name].page.good))
    assert bad & good


@rules
def test_a_page_is_written_in_whole_sentences(name):
    page = RULES[name].page
    assert [each for each in (page.why, page.mend, *page.silent, *page.sources) if not re.search(r"[.)]$", each)] == []


@rules
def test_a_page_tells_when_the_rule_is_silent_and_where_it_comes_from(name):
    page = RULES[name].page
    assert page.silent
    assert page.sources


@rules
def test_a_section_tells_every_option_of_its_rule(name):
    section = rule_in_words(RULES_BY_ID[name])
    assert [each.name for each in RULES_BY_ID[name].options if f"| `{each.name}` |" not in section] == []


def test_every_link_on_the_page_leads_to_a_heading_or_a_file():
    page = PAGE.read_text()
    headings = {
        re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-")
        for each in re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    }
    inside = set(re.findall(r"\]\(#([^)]+)\)", page))
    files = {each.partition("#")[0] for each in re.findall(r"\]\(([a-z][^):]+)\)", page)}
    assert inside - headings == set()
    assert [each for each in files if not (PAGE.parent / each).exists()] == []


@pytest.mark.parametrize("policy", re.findall(r"```yaml\n(version: 1\n.*?)```", PAGE.read_text(), re.DOTALL))
def test_an_example_of_a_policy_file_can_be_loaded(policy):
    assert load(policy).findings.settings
