"""Two pull requests of the bot never change one line: it is told which one holds it."""

from __future__ import annotations

import pytest

from bot.bumps import Holder, clash, touched
from bot.manifests import update
from tests.bumps.situations import pod, tag

HELD = Holder("web", 7, {"app.yaml": (5, 9), "db.yaml": (1,)})


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ({}, None),
        ({"app.yaml": (6,)}, None),
        ({"other.yaml": (5,)}, None),
        ({"app.yaml": (5,)}, "Line 5 of app.yaml"),
        ({"app.yaml": (4, 9)}, "Line 9 of app.yaml"),
        ({"db.yaml": (1,), "app.yaml": (9, 5)}, "Line 5 of app.yaml"),
    ],
)
def test_a_line_that_is_being_changed_is_named(lines, line):
    expected = None if line is None else f"{line} is being changed by pull request #7 of web already."
    assert clash(lines, [HELD]) == expected


def test_one_without_a_number_is_named_by_its_group():
    holder = Holder("web", None, {"a.yaml": (1,)})
    assert clash({"a.yaml": (1,)}, [holder]) == "Line 1 of a.yaml is being changed by the pull request of web already."


def test_of_several_the_one_that_holds_the_line_is_named():
    others = [Holder("db", 3, {"app.yaml": (2,)}), HELD]
    assert "#7" in clash({"app.yaml": (5,)}, others)


def test_nobody_is_in_the_way_where_nobody_is():
    assert clash({"app.yaml": (5,)}, []) is None


def test_what_an_edit_touches_is_what_its_changes_say(situation):
    situation.files = {
        "b.yaml": pod("ghcr.io/acme/app:1.0.0", "nginx:1", "ghcr.io/acme/app:1.0.0"),
        "a.yaml": pod("ghcr.io/acme/app:1.0.0"),
        "c.yaml": pod("nginx:1"),
    }
    situation.tags["ghcr.io/acme/app"] = [tag("1.0.0"), tag("1.1.0")]
    (item,) = situation.plan()
    assert touched(update(situation.files, item.targets).changes) == {"a.yaml": (5,), "b.yaml": (5, 7)}


def test_names_are_told_on_one_line():
    holder = Holder("we\nb", 7, {"a\nb.yaml": (1,)})
    assert "\n" not in clash({"a\nb.yaml": (1,)}, [holder])
