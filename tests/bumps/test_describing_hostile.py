"""Whatever strangers call their images, tags, files and releases: a body mentions, links and hides nothing for them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.bumps import describe
from bot.bumps.state_block import BEGIN, END, state_block, with_state
from bot.bumps.surroundings import ImageStory, ReleaseNote, ShownState, Source, Surroundings
from bot.selection import Decision, Reason
from tests.bumps.page import OWN_HTML, REFERENCE, Page
from tests.bumps.situations import Situation, tag
from tests.bumps.test_describing import change
from tests.bumps.test_quoting import HOSTILE

SITE = "https://github.com"
FILES = f"{SITE}/acme/fleet/blob/c0ffee"
ANEW = state_block(ShownState(next_step="Written anew."))

TEXTS = {
    "a mention": "@acme/team",
    "a reference": "acme/app#12 GH-13 #14",
    "a link": "[a](https://evil.example) <https://evil.example> https://evil.example www.evil.example",
    "a definition of a link": "[a]: https://evil.example",
    "an address of mail": "anna@evil.example",
    "a picture": "![a](https://evil.example/a.png)",
    "html": "<img src=https://evil.example/a.png><b>",
    "the end of what is folded": "</summary></details>",
    "the end of a cell": "a | b \\| c `|` d",
    "code": "`a` ``b`` ```c",
    "an end of code": "a` <b> `c",
    "backslashes": "\\",
    "a heading": "\n# a\n===\n",
    "letters that turn the line": "\u202eabc\u2066\u200b",
    "a marker": f"{BEGIN}\n{END}",
    "a marker on a line of its own": f"\n{END}\n\n{BEGIN}\n",
    "a comment that is not closed": "<!--",
    "a fence that is not closed": "\n```\n",
    "an alert": "> [!CAUTION]\n> a",
    "a box": "\n- [ ] <!-- niro: merge app -->",
    "an entity": "&lt;b&gt; &#64;acme",
    "a closing word": "Closes #12, fixes https://github.com/acme/app/issues/12",
    "a thousand brackets": "[" * 1_000 + "](" * 1_000,
}


def body_with(situation: Situation, text: str) -> str:
    """Write a body in which a stranger's text stands wherever a stranger's text may stand."""
    (item,) = situation.plan()
    (proposal,) = item.proposals
    proposal = dataclasses.replace(proposal, image=text, current=text, selected=text, sentence=text, digest=text)
    releases = (ReleaseNote(text, f"{SITE}/{text}", text, datetime(2026, 5, 1, tzinfo=UTC)),)
    source = Source(text, f"{SITE}/{text}", f"{SITE}/{text}", releases)
    story = ImageStory(text, (text, text), None, 3, source)
    state = ShownState(text, (text,), (text,), ((text, text),))
    around = Surroundings(FILES, {(proposal.policy, proposal.current): story}, state)
    fields = ("path", "kind", "namespace", "name", "container", "old", "new")
    refused = Decision(tag("1"), Reason.NEWER, text)
    return describe(
        dataclasses.replace(item, proposals=(proposal,), group=text, waiting=(text,)),
        [change(**dict.fromkeys(fields, text)), change(**dict.fromkeys(fields, ""), field=text)],
        {(proposal.policy, proposal.current): refused},
        around=around,
    ).body


def obeyed(body: str) -> list[str]:
    """Say what of a body would be obeyed that is not the bot's own."""
    page = Page(body)
    return [
        *(line for line in page.html if line not in OWN_HTML),
        *(url for url in page.links if not url.startswith(f"{SITE}/")),
        *REFERENCE.findall(page.words),
        *(letter for letter in "\u202e\u2066\u200b" if letter in body),
    ]


@pytest.mark.parametrize("case", TEXTS)
def test_nothing_that_a_stranger_wrote_is_obeyed(situation, case):
    assert obeyed(body_with(situation, TEXTS[case])) == []


@pytest.mark.parametrize("case", TEXTS)
def test_the_page_keeps_its_shape(situation, case):
    calm, page = Page(body_with(situation, "a")), Page(body_with(situation, TEXTS[case]))
    assert page.html == calm.html
    assert page.cells == calm.cells


@pytest.mark.parametrize("case", TEXTS)
def test_the_state_can_still_be_written_anew_and_nobody_forged_its_place(situation, case):
    body, calm = body_with(situation, TEXTS[case]), with_state(body_with(situation, "a"), ANEW)
    anew = with_state(body, ANEW)
    assert anew.count(ANEW) == 1
    assert anew.partition(ANEW)[2].count("\n") == calm.partition(ANEW)[2].count("\n")
    assert with_state(anew, ANEW) == anew


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=HOSTILE | st.text(max_size=60))
def test_no_text_is_obeyed(situation, text):
    body = body_with(situation, text)
    assert obeyed(body) == []
    assert with_state(body, ANEW).count(ANEW) == 1
