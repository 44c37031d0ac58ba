"""How things are with a bump stands between two hidden lines, and is written anew without the rest."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.bumps.state_block import BEGIN, END, LONGEST_STATE, state_block, with_state
from bot.bumps.surroundings import ShownState
from tests.bumps.page import REFERENCE, Page
from tests.bumps.test_quoting import HOSTILE

BLOCK = state_block(ShownState(next_step="Wait."))


def test_nothing_to_say_is_two_hidden_lines():
    assert state_block(ShownState()) == f"{BEGIN}\n\n{END}"


def test_all_that_is_known_is_told_in_order():
    state = ShownState(
        next_step="The bot merges it when `test` is green.",
        restrictions=("`app` is pinned to 1.1.0 by @anna.",),
        notes=("Somebody pushed to the branch.",),
        commands=(("/niro merge", "Merges it."), ("/niro ignore [version|range]", "Not these.")),
    )
    assert state_block(state) == (
        f"{BEGIN}\n\n"
        "> [!IMPORTANT]\n"
        "> - Somebody pushed to the branch.\n\n"
        "#### What happens next\n\n"
        "The bot merges it when `test` is green.\n\n"
        "What people asked for:\n\n"
        "- `app` is pinned to 1.1.0 by @\N{WORD JOINER}anna.\n\n"
        "<details>\n<summary>Commands</summary>\n\n"
        "| Comment | What it does |\n"
        "| --- | --- |\n"
        "| `/niro merge` | Merges it. |\n"
        "| `/niro ignore [version\N{DIVIDES}range]` | Not these. |\n\n"
        f"</details>\n\n{END}"
    )


def test_a_new_block_takes_the_place_of_the_old_one_and_all_else_stays():
    body = f"before\n\n{BLOCK}\n\nafter\n"
    newer = state_block(ShownState(next_step="It is merged at 2026-05-04 12:00 UTC."))
    assert with_state(body, newer) == f"before\n\n{newer}\n\nafter\n"
    assert with_state(with_state(body, newer), BLOCK) == body


def test_a_body_that_a_person_saved_in_a_browser_keeps_its_line_ends_outside_the_block():
    body = f"before\r\n\r\n{BLOCK}\r\n\r\nafter".replace("\r\n", "\n").replace("\n", "\r\n")
    assert with_state(body, BLOCK) == f"before\r\n\r\n{BLOCK}\n\r\nafter"


NOT_ONCE = {
    "nothing": "",
    "no markers": "a\nb",
    "no end": f"{BEGIN}\n",
    "no beginning": f"{END}\n",
    "the wrong way round": f"{END}\n{BEGIN}\n",
    "twice": f"{BLOCK}\n{BLOCK}",
    "two beginnings": f"{BEGIN}\n{BLOCK}",
    "two ends": f"{BLOCK}\n{END}",
    "inside a line": f"a {BEGIN}\n{END}",
    "quoted": f"> {BEGIN}\n> {END}",
}


@pytest.mark.parametrize("case", NOT_ONCE)
def test_where_the_markers_are_not_there_exactly_once_the_body_stays(case):
    assert with_state(NOT_ONCE[case], state_block(ShownState(next_step="Another."))) == NOT_ONCE[case]


@given(HOSTILE)
def test_no_sentence_forges_a_marker_or_breaks_out(text):
    block = state_block(ShownState(text, (text, text), (text,), ((text, text),)))
    assert with_state(f"a\n{block}\nb", BLOCK) == f"a\n{BLOCK}\nb"
    page = Page(block)
    assert set(page.html) <= {BEGIN, END, "<details>", "</details>"}
    assert page.links == []
    assert page.cells in {0, 4}
    assert REFERENCE.search(page.words) is None


def test_it_is_never_longer_than_it_may_be():
    long = ("x" * 400,) * 100
    state = ShownState("*" * 5_000, long, long, tuple((text, text) for text in long))
    block = state_block(state)
    assert len(block) <= LONGEST_STATE
    assert block.count("- And 96 more.") == 2
