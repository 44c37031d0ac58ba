"""Which words of scanners mean critical, major and minor."""

import pickle

import pytest

from bot.policies.promotions import VulnerabilitySeverity
from bot.promotion import DEFAULT_SEVERITIES, InvalidSeverities, Severities

CRITICAL, MAJOR, MINOR = VulnerabilitySeverity.CRITICAL, VulnerabilitySeverity.MAJOR, VulnerabilitySeverity.MINOR


@pytest.mark.parametrize(
    ("word", "score", "counted"),
    [
        ("critical", None, CRITICAL),
        ("CRITICAL", None, CRITICAL),
        (" critical ", None, CRITICAL),
        ("high", None, MAJOR),
        ("medium", None, MINOR),
        ("low", None, MINOR),
        ("negligible", None, MINOR),
        ("unknown", None, MINOR),
        ("", None, MINOR),
        ("low", 9.8, MINOR),
        ("high", 9.8, MAJOR),
        ("critical", 1.0, CRITICAL),
        ("", 10.0, CRITICAL),
        ("", 9.0, CRITICAL),
        ("", 8.9, MAJOR),
        ("", 7.0, MAJOR),
        ("", 6.9, MINOR),
        ("", 0.0, MINOR),
        ("unknown", 9.0, CRITICAL),
        ("unknown", 7.0, MAJOR),
        ("important", None, MINOR),
        ("important", 7.5, MAJOR),
        ("important", 9.5, CRITICAL),
        ("", float("nan"), MINOR),
        ("", float("inf"), CRITICAL),
        ("", -1.0, MINOR),
    ],
)
def test_a_word_and_a_score_count_as(word, score, counted):
    assert Severities.DEFAULT.of(word, score) is counted


@pytest.mark.parametrize(
    ("word", "score", "is_clear"),
    [
        ("critical", None, True),
        ("", None, True),
        ("UNDEFINED", None, True),
        ("untriaged", None, True),
        ("none", None, True),
        ("info", None, True),
        ("important", None, False),
        ("important", 5.0, True),
        ("important", float("nan"), False),
    ],
)
def test_a_severity_is_clear_by_a_word_that_is_known_or_a_score(word, score, is_clear):
    assert Severities.DEFAULT.is_clear(word, score) is is_clear


def test_without_unknown_in_the_map_nothing_says_how_bad_what_has_no_severity_is():
    assert not Severities.parse("critical=critical;major=high;minor=low").is_clear("")


def test_an_operator_moves_words():
    severities = Severities.parse("critical=critical,important;major=high,medium;minor=low")
    assert [severities.of(word) for word in ("important", "medium", "low")] == [CRITICAL, MAJOR, MINOR]


def test_what_has_no_severity_is_what_the_operator_says_of_unknown_unless_its_score_is_worse():
    severities = Severities.parse("critical=critical;major=high,unknown;minor=low")
    assert [severities.of("", score) for score in (None, 3.0, 9.0)] == [MAJOR, MAJOR, CRITICAL]


@pytest.mark.parametrize(
    "text",
    [
        DEFAULT_SEVERITIES,
        "minor=low ; Major = HIGH;critical= Critical",
        "critical=critical,very-bad;major=high_2;minor=low",
    ],
)
def test_a_map_is_written_as_it_is_read(text):
    assert Severities.parse(str(Severities.parse(text))) == Severities.parse(text)


def test_the_default_is_the_one_that_is_written_down():
    assert str(Severities.DEFAULT) == DEFAULT_SEVERITIES


def test_a_map_goes_to_another_process():
    assert pickle.loads(pickle.dumps(Severities.DEFAULT)) == Severities.DEFAULT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "does not begin with"),
        ("critical=critical", "major and minor are missing"),
        ("critical=critical;major=high", "minor is missing"),
        ("critical=critical;major=high;minor=low;", "does not begin with"),
        ("critical=critical;major=high;minor=low;all=none", "does not begin with"),
        ("critical=critical;major=high;minor=low;minor=negligible", "minor is there twice"),
        ("critical=critical;major=critical;minor=low", "critical is there twice"),
        ("critical=critical;major=;minor=low", "is no word"),
        ("critical=critical;major=high,;minor=low", "is no word"),
        ("critical=critical;major=7.0;minor=low", "is no word"),
        ("critical;major=high;minor=low", "does not begin with"),
        ("critical=" + "a" * 2_000, "2000 characters"),
    ],
    ids=lambda text: text[:40],
)
def test_a_mistake_is_told(text, said):
    with pytest.raises(InvalidSeverities, match=said):
        Severities.parse(text)


def test_a_mistake_shows_how_a_map_is_written():
    with pytest.raises(InvalidSeverities, match="written like critical=critical;"):
        Severities.parse("high")
