"""The text for people: grouped by file, with the counts at the end, and safe for a terminal."""

import pytest

from bot.checking.outcome import Outcome, Unread
from bot.checking.text_form import Look, outcome_as_text
from bot.findings.waiving import Grounds
from bot.policies.rules import Severity
from tests.checking.outcomes import BASE, finding, outcome

WIDE = Look(10**9)


def text(found: Outcome, look: Look = WIDE) -> str:
    return outcome_as_text(found, look)


def test_findings_are_grouped_by_file() -> None:
    found = outcome(
        finding(),
        finding(line=3, severity=Severity.LOW, rule="single-replica", message="It runs once.", mend="", container=""),
        finding(path="web.yaml", line=1),
    )
    assert text(found) == (
        "apps/api.yaml\n"
        "   3  low     single-replica  Deployment shop/api\n"
        "      It runs once.\n"
        "  12  high    latest-image-tag  Deployment shop/api, container server\n"
        "      The image `nginx` has no tag.\n"
        "      Name a version.\n"
        "\n"
        "web.yaml\n"
        "  1  high    latest-image-tag  Deployment shop/api, container server\n"
        "     The image `nginx` has no tag.\n"
        "     Name a version.\n"
        "\n"
        "3 findings in 3 manifests: 2 high, 1 low.\n"
    )


def test_the_same_advice_is_given_once_a_file() -> None:
    assert text(outcome(finding(), finding(line=20))).count("Name a version.") == 1


@pytest.mark.parametrize(
    ("found", "last"),
    [
        (outcome(), "No findings in 3 manifests."),
        (outcome(finding(), files=1), "1 finding in 1 manifest: 1 high."),
        (outcome(base=BASE, files=0), "No new findings in no changed manifests."),
        (outcome(finding(), base=BASE), "1 new finding in 3 changed manifests: 1 high."),
        (
            outcome(base=BASE, fixed=(finding(),), standing=4),
            "No new findings in 3 changed manifests; 1 fixed; 4 stood before.",
        ),
        (outcome(waived=((finding(), Grounds("soon")),)), "No findings in 3 manifests; 1 waived."),
    ],
)
def test_the_last_line_counts(found: Outcome, last: str) -> None:
    assert text(found).splitlines()[-1] == last


def test_what_does_not_count_is_told_with_its_reason() -> None:
    shown = text(outcome(waived=((finding(), Grounds("soon")),), pending=((finding(line=5), "later"),)))
    assert "Waived\n  apps/api.yaml:12  latest-image-tag, Deployment shop/api, container server: soon\n" in shown
    assert "Waived once this is merged\n  apps/api.yaml:5" in shown


def test_at_most_twenty_files_that_were_not_read_are_listed() -> None:
    unread = tuple(Unread(f"{number}.yaml", None, "binary", "it is binary") for number in range(25))
    assert "  and 5 more\n" in text(outcome(unread=unread))


HOSTILE = "\x1b[2J\x07\u202eevil\n::error::\x9b"


@pytest.mark.parametrize("field", ["path", "message", "mend", "kind", "namespace", "name", "container"])
@pytest.mark.parametrize("coloured", [True, False])
def test_nothing_that_a_file_says_reaches_the_terminal_raw(field: str, coloured: bool) -> None:
    shown = text(outcome(finding(**{field: HOSTILE})), Look(10**9, coloured))
    assert not any(letter in shown.replace("\x1b[31m", "").replace("\x1b[0m", "") for letter in "\x1b\x07\u202e\x9b")
    assert "\n::error" not in shown


def test_only_severities_are_coloured() -> None:
    assert "  \x1b[31mhigh  \x1b[0m  latest-image-tag" in text(outcome(finding()), Look(10**9, coloured=True))


def test_long_sentences_are_wrapped_to_the_terminal() -> None:
    shown = text(outcome(finding(message="word " * 60)), Look(60))
    sentence = [line for line in shown.splitlines() if "word" in line]
    assert len(sentence) > 1
    assert max(map(len, sentence)) <= 60
