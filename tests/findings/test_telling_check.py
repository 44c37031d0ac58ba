"""The check says in its title what matters most, and in its summary everything, within GitHub's bounds."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.findings.annotations import Annotated
from bot.findings.links import Links
from bot.findings.telling_check import LONGEST_SUMMARY, MOST_NOTES, check_summary, check_title, notes
from bot.findings.waiving import Grounds, Mistake
from bot.manifests import Skipped, SkipReason
from bot.policies.rules import Severity
from bot.safe_text import size
from tests.bumps.page import JOINER, OWN_HTML, REFERENCE, Page
from tests.findings.told import HOSTILE, TODAY, a_finding, a_report, a_waiver, numbered

LINKS = Links("https://github.com/acme/shop/blob/abc", "https://docs.example/rules.md")
OTHER = a_finding("run-as-root", severity=Severity.MEDIUM, line=3)
MILD = a_finding("single-replica", severity=Severity.LOW, line=4, container="")
UNREAD = Skipped("app.yaml", 1, SkipReason.BROKEN_YAML, "this is no YAML")


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (a_report(files=0), "No manifests changed"),
        (a_report(files=0, is_complete=False), "No manifests among the files that were looked at"),
        (a_report(), "No new findings"),
        (a_report(standing=7), "No new findings"),
        (a_report(fixed=(OTHER, OTHER)), "No new findings, 2 fixed"),
        (a_report(skipped=(UNREAD,)), "No new findings, 1 file not read"),
        (a_report(fixed=(OTHER,), skipped=(UNREAD, UNREAD)), "No new findings, 1 fixed, 1 file not read"),
        (a_report(skipped=(UNREAD, replace(UNREAD, path="b.yaml"))), "No new findings, 2 files not read"),
        (a_report(is_complete=False), "No new findings in the files that were looked at"),
        (a_report(a_finding()), "latest-image-tag: app.yaml line 12"),
        (a_report(a_finding(), OTHER, OTHER), "latest-image-tag: app.yaml line 12, and 2 more"),
        (a_report(*map(numbered, range(1_001))), "latest-image-tag: app.yaml line 1, and 1,000 more"),
    ],
)
def test_the_title_tells_the_first_rule_and_its_place(report, title):
    assert check_title(report) == title


@pytest.mark.parametrize("path", HOSTILE)
def test_the_title_is_one_short_line_that_mentions_nobody(path):
    title = check_title(a_report(a_finding(path=path), OTHER))
    assert len(title) <= 255
    assert title.replace(JOINER, "").isprintable()
    assert not re.search(r"(?<!\w)@\w|#\d|://", title)


def test_the_summary_tells_what_is_new_with_its_place_and_what_to_do():
    summary = check_summary(a_report(a_finding(mend="Name a version.")), LINKS)
    assert summary == (
        "New findings: 1 high.\n\n"
        "| Severity | Rule | Where | What |\n"
        "| --- | --- | --- | --- |\n"
        "| high | [`latest-image-tag`](https://docs.example/rules.md#latest-image-tag)"
        " | [`app.yaml` line 12](https://github.com/acme/shop/blob/abc/app.yaml#L12), `Deployment shop app app`"
        " | The image `nginx` has no tag. Name a version. |"
    )


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (a_report(files=0), "No manifest is changed here."),
        (a_report(), "No new findings."),
        (a_report(MILD, a_finding(), OTHER, a_finding()), "New findings: 2 high, 1 medium, 1 low."),
        (a_report(fixed=(OTHER,)), "No new findings. Fixed: 1."),
        (a_report(waived=((OTHER, Grounds("it is so")),)), "No new findings. Put up with: 1."),
        (a_report(standing=1), "No new findings. One more stood in the changed files before, and is not counted."),
        (a_report(standing=2), "No new findings. 2 more stood in the changed files before, and are not counted."),
    ],
)
def test_the_summary_begins_with_the_counts(report, said):
    assert check_summary(report, Links()).partition("\n")[0] == said


@pytest.mark.parametrize(
    ("said", "section", "row"),
    [
        (
            {"fixed": (OTHER,)},
            "Fixed by this change: 1",
            "| `run-as-root` | `app.yaml` | The image `nginx` has no tag. |",
        ),
        (
            {"waived": ((MILD, Grounds("one", TODAY, 7)),)},
            "Put up with: 1",
            "| `single-replica` | `app.yaml` line 4, `Deployment shop app` | one (policy file, until 2026-11-21) |",
        ),
        (
            {"waived": ((OTHER, Grounds("one node", in_manifest=True)),)},
            "Put up with: 1",
            "| `run-as-root` | `app.yaml` line 3, `Deployment shop app app` | one node (annotation) |",
        ),
        (
            {"pending": ((OTHER, "one node"),)},
            "Waivers that take effect after merge: 1",
            "| `run-as-root` | `app.yaml` line 3, `Deployment shop app app` | one node |",
        ),
        (
            {"ended": (a_waiver("run-as-root", until=TODAY),)},
            "Waivers that have ended: 1",
            "| `run-as-root` | 2026-11-21 | it is so |",
        ),
        (
            {"mistakes": (Mistake("app.yaml", Annotated("Pod", "", "app", "run-as-root")),)},
            "Annotations that waive nothing: 1",
            "| `ignore.niro.bot/run-as-root` | `app.yaml`, `Pod app` | it gives no reason |",
        ),
        (
            {"mistakes": (Mistake("app.yaml", Annotated("Pod", "", "app", "run-as-admin")),)},
            "Annotations that waive nothing: 1",
            "| `ignore.niro.bot/run-as-admin` | `app.yaml`, `Pod app` | there is no rule of this name |",
        ),
        (
            {"skipped": (Skipped("app.yaml", None, SkipReason.BINARY, "the file is binary"),)},
            "Not read: 1",
            "| `app.yaml` | the file is binary |",
        ),
        (
            {"skipped": (Skipped("app.yaml", 4, SkipReason.ALIAS, "it is an alias"),)},
            "Not read: 1",
            "| `app.yaml` line 4 | it is an alias |",
        ),
    ],
)
def test_the_summary_tells_the_rest_in_folded_tables(said, section, row):
    summary = check_summary(a_report(**said), Links())
    assert f"<summary>{section}</summary>" in summary
    assert row in summary.splitlines()


def test_the_summary_says_that_not_all_files_were_looked_at():
    summary = check_summary(a_report(is_complete=False), Links())
    assert "more files than are looked at, or one whose path cannot be asked for" in summary


def a_report_of_everything(text, count=1):
    """Make a report in which a text stands wherever strangers write."""
    names = dict.fromkeys(("kind", "namespace", "name", "container"), text)
    finding = a_finding(path=text, message=f"The image `{text}` has no tag.", mend=f"Mend {text}.", **names)
    return a_report(
        *(finding,) * count,
        fixed=(finding,) * count,
        waived=((finding, Grounds(text, TODAY)),) * count,
        pending=((finding, text),) * count,
        ended=(a_waiver(reason=text, until=TODAY),) * count,
        mistakes=(Mistake(text, Annotated(text, text, text, text)),) * count,
        skipped=(Skipped(text, 4, SkipReason.ALIAS, f"it is `{text}`"),) * count,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_is_nothing_but_text_in_the_summary(text):
    page = Page(check_summary(a_report_of_everything(text), LINKS))
    assert set(page.html) <= OWN_HTML
    assert [each for each in page.links if not each.startswith((LINKS.files, LINKS.rules))] == []
    assert not REFERENCE.search(page.words)
    assert page.cells == (4 + 3 + 3 + 3 + 3 + 3 + 2) * 2


@pytest.mark.parametrize("text", ["app", "\N{GRINNING FACE}" * 250, *HOSTILE])
def test_ten_thousand_findings_fit_into_a_summary(text):
    summary = check_summary(a_report_of_everything(text, 10_000), LINKS)
    assert size(summary) <= LONGEST_SUMMARY
    assert len(re.findall("^<details>$", summary, re.MULTILINE)) == 6
    assert len(re.findall("^</details>$", summary, re.MULTILINE)) == 6


@pytest.mark.parametrize("room", [60_000, 20_000, 5_000, 500])
def test_the_summary_keeps_to_the_room_that_it_is_given(room):
    summary = check_summary(a_report_of_everything("app", 10_000), LINKS, room)
    assert len(summary) <= room
    assert summary.count("<details>") == summary.count("</details>")


def test_the_summary_says_how_many_are_left_out():
    report = a_report(*map(numbered, range(10_000)))
    summary = check_summary(report, LINKS)
    rows = summary.count("| high |")
    assert f"And {10_000 - rows:,} more." in summary
    assert "Only the first 1,000 are shown on their lines; 9,000 are not." in summary


@pytest.mark.parametrize(
    ("severity", "fail_on", "level"),
    [
        (Severity.LOW, None, "notice"),
        (Severity.MEDIUM, None, "warning"),
        (Severity.HIGH, None, "warning"),
        (Severity.LOW, Severity.LOW, "failure"),
        (Severity.MEDIUM, Severity.HIGH, "warning"),
        (Severity.HIGH, Severity.HIGH, "failure"),
    ],
)
def test_a_remark_is_as_loud_as_its_finding(severity, fail_on, level):
    (note,) = notes(a_report(a_finding(severity=severity), fail_on=fail_on))
    assert note.level == level


def test_a_remark_says_what_is_wrong_and_what_to_do():
    (note,) = notes(a_report(a_finding(end_line=13, mend="Name a version.")))
    assert note == (
        "app.yaml",
        12,
        13,
        "warning",
        "latest-image-tag (high)",
        "The image `nginx` has no tag. Name a version.",
    )


def test_at_most_a_thousand_findings_have_a_remark_and_each_the_first_ones():
    report = a_report(*map(numbered, range(10_000)))
    assert [each.line for each in notes(report)] == list(range(1, MOST_NOTES + 1))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_remark_is_one_line_of_visible_letters(text):
    (note,) = notes(a_report(a_finding(message=f"The image `{text}` has no tag.")))
    assert note.message.isprintable()
    assert len(note.message) <= 2_000
