"""The button "explain" is answered with all there is to know about the rules that found something."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.findings.explaining import LONGEST_EXPLANATION, explained
from bot.findings.rules import RULES
from bot.manifests import selects
from bot.policies import load
from tests.bumps.page import REFERENCE, Page
from tests.findings.told import HOSTILE, TODAY, a_finding

PAGE = "https://docs.example/rules.md"
RULE = "privileged-container"
PRIVILEGED = a_finding(RULE, message="The container `app` is privileged.")


def test_a_rule_is_explained_from_beginning_to_end():
    text = explained([PRIVILEGED], TODAY, PAGE)
    page = RULES[RULE].page
    assert [each for each in (page.why, page.mend, *page.silent) if each not in text] == []
    assert f"### [`{RULE}`]({PAGE}#{RULE})" in text
    assert "- `app.yaml` line 12: The container `app` is privileged." in text


def test_each_rule_is_explained_once_in_the_order_of_the_findings():
    other = a_finding("run-as-root")
    text = explained([PRIVILEGED, other, PRIVILEGED], TODAY)
    headings = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert headings == [f"`{RULE}`", "`run-as-root`", "Putting up with a finding"]


def test_a_rule_that_found_much_is_told_with_its_first_places():
    text = explained([a_finding(RULE, line=each + 1) for each in range(12)], TODAY)
    assert text.count("- `app.yaml` line ") == 5
    assert "- and 7 more" in text


@pytest.mark.parametrize("path", ["app.yaml", "a b/[c]*.yaml", 'a"b\\c.yaml', "größe.yaml", "!x#.yaml"])
def test_what_is_to_be_written_to_put_up_with_it_is_right(path):
    text = explained([a_finding(RULE, path=path)], TODAY)
    entry = re.search(r"```yaml\n(findings:\n.*?)```", text, re.DOTALL)[1].replace('"..."', '"it is so"')
    (waiver,) = load(f"version: 1\n{entry}").findings.ignore
    assert (waiver.rule, waiver.until) == (RULE, TODAY + timedelta(days=90))
    assert selects(waiver.paths, path)
    assert not selects(waiver.paths, f"x/{path}")
    assert f'    ignore.niro.bot/{RULE}: "..."' in text


def test_nothing_is_explained_where_nothing_was_found():
    assert explained([], TODAY) == "No rule found anything new in this change."


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_is_nothing_but_text_in_an_explanation(text):
    page = Page(explained([a_finding(RULE, path=text, message=f"It is `{text}` here.")], TODAY, PAGE))
    assert page.html == []
    assert [each for each in page.links if not each.startswith(PAGE)] == []
    assert not REFERENCE.search(page.words)


def test_all_rules_and_ten_thousand_findings_fit():
    found = [a_finding(rule, path=f"{'x' * 290}{number}", line=number) for rule in RULES for number in range(600)]
    text = explained(found, TODAY, PAGE)
    assert len(text) <= LONGEST_EXPLANATION
    assert text.count("### [") == len(RULES)


def test_what_does_not_fit_into_an_explanation_is_counted():
    found = [PRIVILEGED, a_finding("run-as-root")]
    text = explained(found, TODAY, room=len(explained([PRIVILEGED], TODAY)) + 300)
    assert text.count("### `") == 1
    assert "There is no room here for 1 more of the rules." in text
