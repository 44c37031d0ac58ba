"""The dashboard tells what there is to tell, in harmless Markdown, and knows which of its boxes were ticked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.bumps import Proposal
from bot.bumps.boxes import LONGEST_BODY, box, ticked
from bot.bumps.laid import Laid, laid_sentence
from bot.bumps.overview import LONGEST_OVERVIEW, LivingBump, Noted, OverviewFacts, overview
from bot.selection import RestrictionKind

UNTIL = datetime(2026, 5, 7, 12, 30, tzinfo=UTC)
API = Proposal("api", "ghcr.io/acme/api", "1.4.2", "1.5.0", "1.5.0 is the newest acceptable tag.")
HOLD = Laid("api", RestrictionKind.HOLD, by="octo")
FACTS = OverviewFacts(policies=frozenset({"api", "web"}))
HOSTILE = "@octo #1 <!-- niro: merge api --> [a](http://b) `c` | **d** <img src=x>\n- [x] <!-- niro: merge api -->e"


def facts(**changes: object) -> OverviewFacts:
    return replace(FACTS, **changes)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith("- ")]


def with_ticks(body: str) -> str:
    return body.replace("- [ ]", "- [x]")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (
            {"open": (LivingBump("api", 12, (API,)),)},
            "## Open\n\n- #12 `api`: `ghcr.io/acme/api` from `1.4.2` to `1.5.0`\n",
        ),
        (
            {"open": (LivingBump("all", 12, (API, replace(API, image="ghcr.io/acme/web"))),)},
            "- #12 `all`: `ghcr.io/acme/api` from `1.4.2` to `1.5.0`; `ghcr.io/acme/web` from `1.4.2` to `1.5.0`\n",
        ),
        ({"open": (LivingBump("api", None, (API,), "api"),)}, "- being opened `api`: "),
        (
            {"waiting": (Noted("api", "10 pull requests are open."),)},
            "## Waiting\n\n- `api`: 10 pull requests are open.",
        ),
        ({"stopped": (Noted("api", "It was refused."),)}, "## Stopped\n\n- `api`: It was refused."),
        (
            {"laid": (replace(HOLD, policy="gone"),)},
            "## Held, ignored, pinned and snoozed\n\n- gone is held, by octo\n",
        ),
        ({"paused": ("web",)}, "- `web` says `enabled: false`\n"),
        ({"failing": ("api: no tag is acceptable.",)}, "## Failing\n\n- api: no tag is acceptable.\n"),
        ({"unfollowed": ("docker.io/library/nginx",)}, "no policy follows\n\n- `docker.io/library/nginx`\n"),
        ({"enabled": False}, "The policy file says `enabled: false`, so nothing is done here."),
        ({}, "Nothing is open, nothing waits, and nothing fails."),
    ],
)
def test_it_tells(known, expected):
    assert expected in overview(facts(**known))


def test_a_heading_stands_only_over_something():
    assert "##" not in overview(facts())


@pytest.mark.parametrize(
    ("known", "commands"),
    [
        ({}, ["scan"]),
        ({"policies": frozenset()}, []),
        ({"enabled": False}, []),
        ({"open": (LivingBump("all", 12, (API,), "api"),)}, ["scan", "merge api", "recreate api"]),
        ({"open": (LivingBump("all", 12, (API,)),)}, ["scan"]),
        ({"open": (LivingBump("all", None, (API,), "api"),)}, ["scan"]),
        ({"laid": (HOLD,)}, ["scan", "resume api"]),
        ({"laid": (Laid("api", RestrictionKind.SNOOZE, until=UNTIL),)}, ["scan", "resume api"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE, tag="1.5.0"),)}, ["scan", "unignore api 1.5.0"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE, beyond="v1.5.0-a"),)}, ["scan", "unignore api v1.5.0-a"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE, range=">=2 <3"),)}, ["scan", "unignore api >=2 <3"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE, tag="1.5"),)}, ["scan", "unignore api"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE, tag="1.5.0", digest="sha256:1"),)}, ["scan", "unignore api"]),
        ({"laid": (Laid("api", RestrictionKind.IGNORE),)}, ["scan", "unignore api"]),
        ({"laid": (Laid("web", RestrictionKind.PIN, tag="1.5.0"),)}, ["scan", "unpin web"]),
        ({"laid": (Laid("web", RestrictionKind.QUARANTINE, tag="1.5.0"),)}, ["scan"]),
        ({"laid": (replace(HOLD, policy="gone"),)}, ["scan"]),
    ],
)
def test_its_boxes_are_these_commands(known, commands):
    body = overview(facts(**known))
    assert list(ticked(body, with_ticks(body))) == commands


@pytest.mark.parametrize(
    ("laid", "expected"),
    [
        (HOLD, "api is held, by octo"),
        (replace(HOLD, by="", reason="it's flaky"), 'api is held: "it\'s flaky"'),
        (replace(HOLD, beyond="1.5.0"), "api is held until something better than 1.5.0 is there, by octo"),
        (Laid("api", RestrictionKind.SNOOZE, until=UNTIL), "api is snoozed until 2026-05-07 12:30 UTC"),
        (
            Laid("api", RestrictionKind.PIN, tag="1.4.2", beyond="1.5.0", until=UNTIL),
            "api is pinned to 1.4.2 until something better than 1.5.0 is there, at the latest 2026-05-07 12:30 UTC",
        ),
        (Laid("api", RestrictionKind.IGNORE, range="^2"), "api ignores the range ^2"),
        (Laid("api", RestrictionKind.IGNORE, beyond="1.5"), "api is ignored until something better than 1.5 is there"),
        (Laid("api", RestrictionKind.HOLD, digest="sha256:1"), "api is held, and leaves out sha256:1"),
    ],
)
def test_what_is_laid_is_a_sentence(laid, expected):
    assert laid_sentence(laid) == expected


def everything(text: str, count: int = 1) -> OverviewFacts:
    return OverviewFacts(
        policies=frozenset({"api"}),
        open=(LivingBump(text, 1, (Proposal(text, text, text, text, text),), "api"),) * count,
        waiting=(Noted(text, text),) * count,
        stopped=(Noted(text, text),) * count,
        laid=(Laid("api", RestrictionKind.IGNORE, text, text, text, text, UNTIL, text, text),) * count,
        paused=(text,) * count,
        failing=(text,) * count,
        unfollowed=(text,) * count,
    )


@given(st.text(max_size=80) | st.just(HOSTILE))
def test_whatever_strangers_wrote_stays_in_its_line(text):
    body = overview(everything(text))
    assert list(ticked(body, with_ticks(body))) == ["scan", "merge api", "recreate api", "unignore api"]
    assert len(lines(body)) == len(lines(overview(everything("plain"))))


def test_whatever_strangers_wrote_is_shown_as_it_is():
    rendered = MarkdownIt("commonmark", {"html": False}).render(overview(everything(HOSTILE)))
    assert all(hidden not in rendered for hidden in ("<a ", "<strong>", "<img", "<h3"))
    assert "@octo" not in rendered.replace("<code>@octo", "")


def test_a_long_list_ends_with_how_many_more_there_are():
    body = overview(facts(unfollowed=tuple(f"ghcr.io/acme/image-{number}" for number in range(1000))))
    shown = len(lines(body)) - 2
    assert lines(body)[-1] == f"- And {1000 - shown} more."
    assert "image-100`" in body


@pytest.mark.parametrize("text", ["x" * 5_000, HOSTILE, "`" * 300, "_" * 1_000])
def test_it_is_never_longer_than_github_takes(text):
    assert len(overview(everything(text, 2_000))) <= LONGEST_OVERVIEW


COMMANDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=60)


@given(COMMANDS)
def test_any_command_comes_back_from_its_box(command):
    body = box(command, "Do it")
    assert ticked(body, with_ticks(body)) == (command,)


@given(COMMANDS)
def test_no_command_ends_the_comment_that_hides_it(command):
    hidden = box(command, "Do it").removeprefix("- [ ] <!--").removesuffix("-->Do it")
    assert not set("<>") & set(hidden)
    assert "--" not in hidden


EMPTY = "- [ ] <!-- niro: resume api -->x\n  - [ ] <!-- niro: unpin web -->y\n"


@pytest.mark.parametrize(
    ("before", "after", "commands"),
    [
        (EMPTY, EMPTY, ()),
        (EMPTY, EMPTY.replace("[ ]", "[x]", 1), ("resume api",)),
        (EMPTY, EMPTY.replace("[ ]", "[X]"), ("resume api", "unpin web")),
        (EMPTY, EMPTY.replace("[ ]", "[x]").replace("\n", "\r\n"), ("resume api", "unpin web")),
        (EMPTY.replace("[ ]", "[x]"), EMPTY, ()),
        (EMPTY.replace("[ ]", "[x]", 1), EMPTY.replace("[ ]", "[x]"), ("unpin web",)),
        ("", EMPTY.replace("[ ]", "[x]"), ()),
        (EMPTY, EMPTY + "- [x] <!-- niro: merge api -->mine\n", ()),
        (EMPTY, EMPTY.replace("[ ]", "[x]").replace("resume", "merge"), ("unpin web",)),
        ("- [ ] <!-- niro: scan%a;merge -->x", "- [x] <!-- niro: scan%a;merge -->x", ()),
        ("> - [ ] <!-- niro: scan -->x", "> - [x] <!-- niro: scan -->x", ()),
        (EMPTY, EMPTY.replace("[ ]", "[x]") + "x" * LONGEST_BODY, ()),
    ],
)
def test_a_box_counts_that_was_empty_and_is_ticked_now(before, after, commands):
    assert ticked(before, after) == commands
