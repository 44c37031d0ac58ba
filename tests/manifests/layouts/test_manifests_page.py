"""docs/manifests.md tells what the code understands, reads and refuses.

WRITE_PAGE=1 (`make pages`) writes the part of the page that comes from the table of layouts; read it before it is kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.manifests import SkipReason, read_manifest, update
from bot.manifests.layouts.table import LAYOUTS
from tests.manifests.layouts.manifests_page import BEGIN, END, with_layouts

PAGE = Path(__file__).parents[3] / "docs" / "manifests.md"
EXAMPLE = "ghcr.io/acme/app:1.9.0"
# What is known by its place in the repository alone.
PATHS = {"GitHub Actions workflow": ".github/workflows/test.yaml", "GitHub Actions action": "action.yaml"}
# What is no row of the table, because it is found where no row fits or is no YAML.
PATHS_BY_HAND = {
    "Helm values": "charts/shop/values.yaml",
    "Any other resource": "shop.yaml",
    "Dockerfile": "Dockerfile",
}

layouts = pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.title)


def test_the_page_lists_the_layouts_of_the_table():
    written = with_layouts(PAGE.read_text())
    if os.environ.get("WRITE_PAGE"):
        PAGE.write_text(written)
    assert PAGE.read_text() == written, "write it again: make pages"


def test_only_what_stands_between_the_comments_is_written():
    page = with_layouts(f"# Mine\n\n{BEGIN}\nold\n{END}\n\nmine too\n")
    assert page.startswith(f"# Mine\n\n{BEGIN}\n")
    assert page.endswith(f"{END}\n\nmine too\n")
    assert "old" not in page


def test_writing_twice_is_writing_once():
    once = with_layouts(f"{BEGIN}\n{END}\n")
    assert with_layouts(once) == once


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_page_without_the_comments_is_not_written(page):
    with pytest.raises(ValueError, match="the page needs the two comments"):
        with_layouts(page)


@layouts
def test_the_example_of_a_layout_holds_its_one_image(layout):
    manifest = read_manifest(PATHS.get(layout.title, "example.yaml"), layout.example.encode())
    assert [occurrence.text for occurrence in manifest.occurrences] == [EXAMPLE]
    assert manifest.skipped == ()


def sections_by_hand():
    """Give the sections about what no row of the table fits: the example of each, by its title."""
    _, _, behind = PAGE.read_text().partition(END)
    chapter, _, _ = behind.partition("\n## ")
    return dict(re.findall(r"^### (.+)\n(?:(?!### ).*\n)*?```\w+\n((?:.*\n)*?)```$", chapter, re.MULTILINE))


@pytest.mark.parametrize("title", PATHS_BY_HAND)
def test_the_example_of_a_section_that_is_written_by_hand_holds_its_one_image(title):
    manifest = read_manifest(PATHS_BY_HAND[title], sections_by_hand()[title].encode())
    assert [occurrence.text for occurrence in manifest.occurrences] == [EXAMPLE]
    assert manifest.skipped == ()


def test_every_section_that_is_written_by_hand_is_checked():
    assert list(sections_by_hand()) == list(PATHS_BY_HAND)


def test_no_two_layouts_have_the_same_title():
    titles = [layout.title for layout in LAYOUTS]
    assert sorted(set(titles)) == sorted(titles)


def test_every_reason_is_explained_once():
    told = re.findall(r"^\| `([a-z0-9-]+)` \| [A-Z].*\. \|$", PAGE.read_text(), re.MULTILINE)
    assert sorted(told) == sorted(SkipReason)


def edits_on_the_page():
    fences = re.findall(r"```yaml (before|after)\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert [kind for kind, _ in fences] == ["before", "after"] * (len(fences) // 2)
    return [(before, after) for (_, before), (_, after) in zip(fences[::2], fences[1::2], strict=True)]


@pytest.mark.parametrize(("before", "after"), edits_on_the_page())
def test_an_edit_does_what_the_page_shows(target, before, after):
    changed = update({"values.yaml": before.encode()}, [target()])
    assert changed.files.get("values.yaml", b"").decode() == after
