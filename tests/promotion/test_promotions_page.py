"""What docs/promotions.md says of keywords and severities is what the bot does."""

import re
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent

import pytest

from bot.policies import load
from bot.policies.tag_templates import KEYWORDS
from bot.promotion import DEFAULT_SEVERITIES, target_tag
from bot.promotion.exploitability import FUTURE_ALLOWED
from bot.promotion.license_expressions import LONGEST_EXPRESSION, MOST_NESTED
from tests.policies.page import Block, read_page

PATH = Path(__file__).parents[2] / "docs" / "promotions.md"
PAGE = PATH.read_text()
EXAMPLES = re.findall(r"^\| `(%.)` \| .* \| `(.+)` \|$", PAGE, re.MULTILINE)


def test_each_keyword_is_on_the_page_once():
    assert sorted(keyword for keyword, _ in EXAMPLES) == sorted(KEYWORDS)


@pytest.mark.parametrize(("keyword", "example"), EXAMPLES)
def test_a_keywords_example_is_what_it_makes(keyword, example):
    assert target_tag(keyword, "1.2-stable", datetime(2026, 1, 4, 0, 5, 9, 42, tzinfo=UTC)) == example


@pytest.mark.parametrize(
    "said",
    [
        DEFAULT_SEVERITIES,
        f"more than {LONGEST_EXPRESSION:,} characters",
        f"more than {MOST_NESTED} deep",
        {5: "more than five minutes"}[FUTURE_ALLOWED.seconds // 60],
    ],
)
def test_a_bound_is_on_the_page(said):
    assert said in " ".join(PAGE.split())


PROMOTION = """version: 1
promotions:
  - name: a
    from: r.example/dev/a
    to: r.example/qa/a
    when: [{license: {one-of: [MIT]}}]
"""
FRAMES = {"yaml": "", "yaml fragment=promotion": PROMOTION}


@pytest.mark.parametrize("block", [each for each in read_page(PATH) if isinstance(each, Block) and each.info in FRAMES])
def test_an_example_is_read_without_a_problem(block: Block) -> None:
    depth = 4 if FRAMES[block.info] else 0
    assert load(FRAMES[block.info] + indent(block.text, " " * depth)).problems == ()
