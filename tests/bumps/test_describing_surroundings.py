"""A body tells what is known of the images that are proposed, links to what it names, and folds what is long."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from bot.bumps import describe
from bot.bumps.describing import LONGEST_BODY
from bot.bumps.state_block import BEGIN, END, LONGEST_STATE, state_block, with_state
from bot.bumps.surroundings import ImageStory, ReleaseNote, ShownState, Source, Surroundings
from bot.manifests import update
from tests.bumps.page import Page
from tests.bumps.situations import digest, pod, tag
from tests.bumps.test_describing import change

FILES = f"https://github.com/acme/fleet/blob/{'c' * 40}"
URL = "https://github.com/acme/app"
PUSHED = datetime(2026, 5, 2, 10, 14, tzinfo=UTC)
RELEASES = (
    ReleaseNote("1.1.0", f"{URL}/releases/tag/v1.1.0", "* Fix it by @octocat", datetime(2026, 5, 1, tzinfo=UTC)),
    ReleaseNote("1.0.1", f"{URL}/releases/tag/v1.0.1"),
)
SOURCE = Source("acme/app", URL, f"{URL}/compare/v1.0.0...v1.1.0", RELEASES)


def body_of(situation, story=None, changes=None, unshown=frozenset(), **fields) -> str:
    (item,) = situation.plan()
    made = update(situation.files, item.targets).changes if changes is None else changes
    stories = {} if story is None else {(each.policy, each.current): story for each in item.proposals}
    around = Surroundings(**{"files_url": FILES, "stories": stories} | fields)
    return describe(item, made, situation.decisions, unshown, around).body


FACTS = {
    "the digest": (ImageStory(digest=digest(1)), f"- Digest: `{digest(1)}`"),
    "the platforms": (
        ImageStory(platforms=("linux/amd64", "linux/arm64")),
        "- Platforms: `linux/amd64`, `linux/arm64`",
    ),
    "many platforms": (ImageStory(platforms=tuple("abcdefghijklmn")), "`k`, `l` and 2 more\n"),
    "since when it is out": (ImageStory(pushed_at=PUSHED), "- Pushed: 2026-05-02 10:14 UTC\n"),
    "since when it is known": (ImageStory(first_seen=PUSHED), "- First seen: 2026-05-02 10:14 UTC\n"),
    "the registry's word first": (
        ImageStory(first_seen=PUSHED, pushed_at=PUSHED),
        "- Pushed: 2026-05-02 10:14 UTC\n\n",
    ),
    "how many tags were looked at": (ImageStory(looked_at=1_214), "stands in the file. 1,214 tags were looked at.\n"),
    "that one tag was": (ImageStory(looked_at=1), " One tag was looked at.\n"),
    "the source": (
        ImageStory(source=SOURCE),
        f"- Source: [acme/app]({URL}), [compare]({URL}/compare/v1.0.0...v1.1.0)\n",
    ),
    "a source that cannot be compared": (ImageStory(source=Source("acme/app", URL)), f"- Source: [acme/app]({URL})\n"),
}


@pytest.mark.parametrize("case", FACTS)
def test_what_is_known_of_an_image_is_told(situation, case):
    story, expected = FACTS[case]
    assert expected in body_of(situation, story)


def test_the_digest_that_is_written_is_told_whole_above_and_short_in_the_table(situation):
    situation.policies += "    pin-digest: always\n"
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.1.0", digest=f"sha256:{'ab' * 32}")]
    body = body_of(situation)
    assert f"- Digest: `sha256:{'ab' * 32}`\n" in body
    assert "| `ghcr.io/acme/app:1.1.0@sha256:abababababab` |" in body


def test_a_line_is_a_link_into_the_file_as_it_was(situation):
    situation.files = {"a folder/ä|b#1.yaml": situation.files["app.yaml"]}
    body = body_of(situation)
    assert f"| [5]({FILES}/a%20folder/%C3%A4%7Cb%231.yaml#L5) |" in body
    assert Page(body).links == [f"{FILES}/a%20folder/%C3%A4%7Cb%231.yaml#L5"]


@pytest.mark.parametrize("files_url", ["", "http://github.com/acme/fleet/blob/c0ffee"])
def test_without_pages_that_are_https_nothing_is_linked(situation, files_url):
    body = body_of(situation, ImageStory(source=SOURCE), files_url=files_url)
    assert Page(body).links == []
    assert "| `app.yaml` | 5 |" in body
    assert "- Source: acme/app\n" in body


def test_links_lead_to_the_github_of_the_files_only(situation):
    elsewhere = Source(
        "acme/app", "https://evil.example/a", "https://evil.example/b", (ReleaseNote("1", "https://x.y"),)
    )
    assert all(each.startswith(FILES) for each in Page(body_of(situation, ImageStory(source=elsewhere))).links)


def test_the_releases_between_are_quoted_and_folded(situation):
    body = body_of(situation, ImageStory(source=SOURCE))
    assert (
        "<details>\n<summary>What is in it: 2 releases of acme/app</summary>\n\n"
        f"**[1.1.0]({URL}/releases/tag/v1.1.0)**, 2026-05-01\n\n"
        "> - Fix it by @\N{WORD JOINER}octocat\n\n"
        f"**[1.0.1]({URL}/releases/tag/v1.0.1)**\n\n"
        "</details>"
    ) in body


def test_without_releases_nothing_is_folded(situation):
    assert "<details>" not in body_of(situation, ImageStory(source=Source("acme/app", URL)))


def test_images_of_one_source_share_its_releases(situation):
    situation.files["b.yaml"] = pod("ghcr.io/acme/app:1.0.1")
    situation.tags["ghcr.io/acme/app"].append(tag("1.0.1"))
    assert body_of(situation, ImageStory(source=SOURCE)).count("What is in it") == 1


@pytest.mark.parametrize("count", [1, 40, 100])
def test_long_release_notes_stay_within_their_part_and_what_is_left_out_is_told(situation, count):
    note = ReleaseNote("1.1.0", f"{URL}/releases/tag/v1.1.0", "* A line of the notes\n" * 900)
    source = dataclasses.replace(SOURCE, releases=(note,) * count)
    body = body_of(situation, ImageStory(source=source))
    headings = body.count("**[1.1.0]")
    assert len(body) < LONGEST_BODY // 3
    assert headings == count or f"And {count - headings} more, in [acme/app]({URL})." in body
    assert "> ..." in body


def test_of_an_image_that_is_not_for_everybody_nothing_of_its_story_is_told(situation):
    story = ImageStory(digest(1), ("linux/amd64",), PUSHED, 7, SOURCE)
    assert body_of(situation, story, unshown=frozenset({"app"})) == body_of(situation, unshown=frozenset({"app"}))


def test_but_the_digest_that_the_files_will_hold_is_no_secret(situation):
    situation.policies += "    pin-digest: always\n"
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.1.0", digest=digest(1))]
    assert f"- Digest: `{digest(1)}`" in body_of(situation, unshown=frozenset({"app"}))


@pytest.mark.parametrize(("count", "folded"), [(15, False), (16, True)])
def test_a_long_table_is_folded(situation, count, folded):
    changes = [change(path=f"{number % 7}.yaml", line=number) for number in range(count)]
    body = body_of(situation, changes=changes)
    assert ("<summary>16 places in 7 files</summary>" in body) is folded
    assert Page(body).cells == 5 * (count + 1)


def test_how_things_are_stands_below_what_changes_and_can_be_written_anew(situation):
    before, after = ShownState(next_step="It waits for checks."), ShownState(next_step="It is merged.")
    body = body_of(situation, state=before)
    assert body.index("| File |") < body.index(BEGIN) < body.index("It waits for checks.") < body.index(END)
    assert with_state(body, state_block(after)) == body_of(situation, state=after)


def test_a_body_whose_state_grows_stays_within_what_github_takes(situation):
    changes = [change(path=f"{'very-long-folder/' * 10}{number}.yaml") for number in range(5_000)]
    long = ("*" * 1_000,) * 20
    state = state_block(ShownState("*" * 5_000, long, long, tuple((text, text) for text in long)))
    story = ImageStory(source=dataclasses.replace(SOURCE, releases=RELEASES * 50))
    body = body_of(situation, story, changes)
    assert len(body) > LONGEST_BODY - 2 * LONGEST_STATE
    assert len(with_state(body, state)) <= LONGEST_BODY


def test_a_body_is_the_same_whenever_it_is_written(situation):
    story = ImageStory(digest(1), ("linux/amd64",), PUSHED, 7, SOURCE)
    assert body_of(situation, story) == body_of(situation, story)
