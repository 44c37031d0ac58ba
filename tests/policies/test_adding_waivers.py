"""A waiver is added to a policy file where its list stands, and nothing else in the file changes."""

from datetime import date

import pytest

from bot.policies import load
from bot.policies.adding_waivers import NewWaiver, with_waivers

WAIVER = NewWaiver("single-replica", ("apps/api.yaml",), 'one "node"', date(2027, 1, 31))
ENTRY = """\
- rule: single-replica
  paths: ["/apps/api.yaml"]
  reason: "one \\"node\\""
  until: 2027-01-31
"""


def indented(by: int, text: str = ENTRY) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


CASES = {
    "no findings": ("version: 1\n", "version: 1\n\nfindings:\n  ignore:\n" + indented(4)),
    "no final line end": ("version: 1", "version: 1\n\nfindings:\n  ignore:\n" + indented(4)),
    "findings without a list": (
        "version: 1\nfindings:\n  # quiet\n  comment-on: high   # for now\nenabled: true\n",
        "version: 1\nfindings:\n  # quiet\n  ignore:\n"
        + indented(4)
        + "  comment-on: high   # for now\nenabled: true\n",
    ),
    "a list": (
        "findings:\n  ignore:\n    # known\n    - {rule: host-namespace, reason: agents}\nversion: 1\n",
        "findings:\n  ignore:\n    # known\n"
        + indented(4)
        + "    - {rule: host-namespace, reason: agents}\nversion: 1\n",
    ),
    "a list at its key's margin": (
        "version: 1\nfindings:\n    ignore:\n    - rule: host-namespace\n      reason: agents\n",
        "version: 1\nfindings:\n    ignore:\n" + indented(4) + "    - rule: host-namespace\n      reason: agents\n",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_entry_is_written_where_it_belongs(case: str) -> None:
    text, expected = CASES[case]
    assert with_waivers(text, [WAIVER]) == expected


def test_the_line_ends_of_windows_stay() -> None:
    written = with_waivers("version: 1\r\nenabled: true\r\n", [WAIVER])
    assert written is not None
    assert "\n" not in written.replace("\r\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "{version: 1}\n",
        "version: 1\nfindings: {comment-on: high}\n",
        "version: 1\nfindings: {}\n",
        "version: 1\nfindings:\n  ignore: []\n",
        "version: 1\nfindings:\n  ignore: [{rule: host-namespace, reason: agents}]\n",
        "  version: 1\n",
        "version: 1\n...\n",
        "version: 1\nunknown: 2\n",
        "- not a file\n",
    ],
)
def test_a_file_that_leaves_no_exact_place_is_left_alone(text: str) -> None:
    assert with_waivers(text, [WAIVER]) is None


@pytest.mark.parametrize("path", ["a b.yaml", "a[0].yaml", "*.yaml", "!x.yaml", "#x.yaml", 'q".yaml', "ünïcode.yaml"])
def test_a_path_means_just_that_file(path: str) -> None:
    from bot.manifests import selects

    written = with_waivers("version: 1\n", [NewWaiver("single-replica", (path,), "so", date(2027, 1, 31))])
    assert written is not None
    (waiver,) = load(written).findings.ignore
    assert selects(waiver.paths, path)
    assert not selects(waiver.paths, f"other/{path}")


def test_several_entries_stand_in_their_order() -> None:
    other = NewWaiver("host-namespace", ("b.yaml", "c.yaml"), "agents", date(2027, 2, 1))
    written = with_waivers("version: 1\nimages:\n  - image: ghcr.io/acme/app\n", [WAIVER, other])
    assert written is not None
    assert [each.rule for each in load(written).findings.ignore] == ["single-replica", "host-namespace"]
