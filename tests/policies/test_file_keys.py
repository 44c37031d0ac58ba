"""The keys of the file itself: what each takes, and what it refuses."""

import pytest

from bot.policies import FluxMode, Limits, Problem, load


@pytest.mark.parametrize(
    ("written", "flux"),
    [
        *((word, FluxMode.OFF) for word in ("off", "Off", "OFF", "'off'", "false", "False", "no", "No")),
        ("report", FluxMode.REPORT),
        ("manage", FluxMode.MANAGE),
    ],
)
def test_flux_is_off_in_every_spelling_or_a_word(written, flux):
    assert load(f"version: 1\nflux: {written}").flux is flux


def test_a_dashboard_is_wished_for_or_not():
    assert [load(f"version: 1\ndashboard: {word}").dashboard for word in ("true", "false")] == [True, False]


@pytest.mark.parametrize(
    ("written", "limits"),
    [
        ("{}", Limits(10, 4)),
        ("{open-pull-requests: 1}", Limits(1, 4)),
        ("{open-pull-requests: 1000, new-per-hour: '12'}", Limits(1000, 12)),
    ],
)
def test_limits_count_pull_requests(written, limits):
    assert load(f"version: 1\nlimits: {written}").limits == limits


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("flux: on", Problem(2, 7, "flux", "`flux` is one of manage, off, report, not 'on'")),
        ("flux: [off]", Problem(2, 7, "flux", "`flux` is a text, not a list or a mapping")),
        ("dashboard: 1", Problem(2, 12, "dashboard", "`dashboard` is true or false, without quotes")),
        ("limits: 5", Problem(2, 9, "limits", "`limits` is a mapping of keys")),
        (
            "limits: {open-pull-requests: 0}",
            Problem(2, 30, "open-pull-requests", "`open-pull-requests` is a whole number from 1 to 1000, not '0'"),
        ),
        (
            "limits: {new-per-hour: 1001}",
            Problem(2, 24, "new-per-hour", "`new-per-hour` is a whole number from 1 to 1000, not '1001'"),
        ),
        (
            "limits: {new-per-hour: 1e2}",
            Problem(2, 24, "new-per-hour", "`new-per-hour` is a whole number from 1 to 1000, not '1e2'"),
        ),
        (
            f"limits: {{new-per-hour: {'9' * 10}}}",
            Problem(2, 24, "new-per-hour", f"`new-per-hour` is a whole number from 1 to 1000, not '{'9' * 10}'"),
        ),
        (
            "limits: {new-per-hours: 1}",
            Problem(2, 10, "new-per-hours", "`new-per-hours` is not a key of `limits`; did you mean `new-per-hour`?"),
        ),
        (
            "enviroments: []",
            Problem(2, 1, "enviroments", "`enviroments` is not a key; did you mean `environments`?"),
        ),
    ],
)
def test_what_a_key_refuses_is_told_at_its_place(problems_in, text, problem):
    assert problems_in(f"version: 1\n{text}\n") == (problem,)
