"""Versionings in a choice: dates, four numbers and builds, and the three numbers that a range sees of them."""

import pytest

from bot.selection import Reason, UpdateKind

CHOSEN = [
    # what it shows, versioning, tags, range, current, selected, how far
    ("a later day", "calver", ["2026.11.20", "2026.11.21"], "*", "2026.11.20", "2026.11.21", UpdateKind.PATCH),
    ("a later month", "calver", ["2026.9.30", "2026.11.1"], "*", "2026.9.30", "2026.11.1", UpdateKind.MINOR),
    ("a later year", "calver", ["2026.1.1"], "*", "2025.12.31", "2026.1.1", UpdateKind.MAJOR),
    ("a counter", "calver", ["2026.11.20-2", "2026.11.20-10"], "*", "2026.11.20", "2026.11.20-10", UpdateKind.BUILD),
    ("a counter is after its day", "calver", ["2026.11.20"], "*", "2026.11.20-2", "2026.11.20-2", None),
    ("a later day beats a counter", "calver", ["2026.11.20-9", "2026.11.21"], "*", None, "2026.11.21", None),
    (
        "no range sees a counter",
        "calver",
        ["2026.11.20-2"],
        "<=2026.11.20",
        "2026.11.20",
        "2026.11.20-2",
        UpdateKind.BUILD,
    ),
    ("a range of years", "calver", ["2026.11.20", "2027.1.1"], "2026.x", "2026.10.1", "2026.11.20", UpdateKind.MINOR),
    ("two numbers stay two", "calver", ["2026.12", "2026.12.1"], "*", "2026.11", "2026.12", UpdateKind.MINOR),
    ("dashes stay dashes", "calver", ["2026-11-21", "2026.11.22"], "*", "2026-11-20", "2026-11-21", UpdateKind.PATCH),
    ("digits stay digits", "calver", ["20261121", "2026.11.22"], "*", "20261120", "20261121", UpdateKind.PATCH),
    ("short years stay short", "calver", ["25.10", "2026.1"], "*", "25.04", "25.10", UpdateKind.MINOR),
    (
        "a suffix stays",
        "calver",
        ["2026.2.1", "2026.2.1-slim"],
        "*",
        "2026.1.1-slim",
        "2026.2.1-slim",
        UpdateKind.MINOR,
    ),
    ("a word takes a date", "calver", ["2026.2.1", "1.2.3"], "*", "latest", "2026.2.1", None),
    ("a version is no date", "calver", ["1.2.3"], "*", None, None, None),
    ("the fourth number", "four-part", ["1.2.3.4", "1.2.3.10"], "*", "1.2.3.4", "1.2.3.10", UpdateKind.BUILD),
    ("it is after the three", "four-part", ["1.2.3.99", "1.2.4.0"], "*", "1.2.3.4", "1.2.4.0", UpdateKind.PATCH),
    ("no range sees it", "four-part", ["1.2.3.5", "1.2.4.1"], "1.2.3", "1.2.3.4", "1.2.3.5", UpdateKind.BUILD),
    ("four numbers stay four", "four-part", ["1.2.4"], "*", "1.2.3.4", "1.2.3.4", None),
    ("three stay three", "four-part", ["1.2.4", "1.2.4.1"], "*", "1.2.3", "1.2.4", UpdateKind.PATCH),
    ("a word takes four numbers", "four-part", ["1.2.4", "1.2.3.4"], "*", "latest", "1.2.3.4", None),
    ("a build", "build", ["1.2.3_build.4", "1.2.3_build.10"], "*", "1.2.3_build.4", "1.2.3_build.10", UpdateKind.BUILD),
    ("a bare build", "build", ["1.2.3_9", "1.2.3_10"], "*", "1.2.3_9", "1.2.3_10", UpdateKind.BUILD),
    ("it is after the version", "build", ["1.2.3_9", "1.2.4_1"], "*", "1.2.3_4", "1.2.4_1", UpdateKind.PATCH),
    ("no range sees a build", "build", ["1.2.3_5", "1.2.4_1"], "1.2.3", "1.2.3_4", "1.2.3_5", UpdateKind.BUILD),
    ("a first build is after none", "build", ["1.2.3_1"], "*", "1.2.3", "1.2.3_1", UpdateKind.BUILD),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[f"{case[1]}: {case[0]}" for case in CHOSEN])
def test_what_a_versioning_chooses_and_how_far_that_is(select, case):
    _, versioning, tags, version_range, current, selected, kind = case

    decision = select(tags, {"version_range": version_range, "versioning": versioning}, current)

    assert (decision.selected and decision.selected.name, decision.update) == (selected, kind)


@pytest.mark.parametrize(
    ("versioning", "name", "sentence"),
    [
        ("semver", "main", "main is not a version of three numbers"),
        ("calver", "1.2.3", "1.2.3 is not a date"),
        ("four-part", "main", "main is not a version of four numbers"),
        ("build", "main", "main is not a version of three numbers with its build"),
    ],
)
def test_a_tag_that_a_versioning_cannot_read_says_so(select, versioning, name, sentence):
    explained = select([name], {"versioning": versioning}).explain(name)

    assert (explained.reason, explained.sentence) == (Reason.NOT_A_VERSION, sentence)


@pytest.mark.parametrize(
    ("versioning", "current"),
    [("semver", "1.2.3_4"), ("calver", "1.2.3"), ("build", "1.2.3.4"), ("four-part", "1.2.3_4")],
)
def test_a_dotted_number_of_another_versioning_is_left_alone(select, answer, versioning, current):
    tags = ["9.9.9", "9.9.9.9", "2029.9.9", "9.9.9_9"]

    assert answer(select(tags, {"versioning": versioning}, current)) == (None, Reason.NOT_A_VERSION)
