"""A filter in a choice: only the tags it finds are looked at, and what it takes out of them is compared."""

import pytest

from bot.selection import Reason

MAIN = r"^main-[0-9a-f]+-(?P<ts>\d+)$"
STAMPED = ["main-abc1-1700000001", "main-abc2-1700000010", "main-abc3-170000002", "dev-abc4-1900000000", "latest"]

CHOSEN = [
    # what it shows, tags, rule, current, selected, reason
    (
        "a branch's builds by their time",
        STAMPED,
        {"strategy": "numerical", "filter": (MAIN, "$ts")},
        "main-abc1-1700000001",
        "main-abc2-1700000010",
        Reason.NEWER,
    ),
    (
        "a group by its number",
        STAMPED,
        {"strategy": "numerical", "filter": (MAIN, "$1")},
        None,
        "main-abc2-1700000010",
        Reason.BEST,
    ),
    (
        "by the alphabet of what is taken out",
        STAMPED,
        {"strategy": "alphabetical", "filter": (MAIN, "$ts")},
        None,
        "main-abc3-170000002",
        Reason.BEST,
    ),
    (
        "without a template the whole tag",
        STAMPED,
        {"strategy": "alphabetical", "filter": ("^main-", "")},
        None,
        "main-abc3-170000002",
        Reason.BEST,
    ),
    (
        "a version taken out",
        ["release-1.0.0", "release-1.1.0", "v9.9.9"],
        {"filter": ("^release-(.*)$", "$1")},
        "release-1.0.0",
        "release-1.1.0",
        Reason.NEWER,
    ),
    (
        "a version put together",
        ["1_0-7", "1_2-3"],
        {"filter": (r"^(\d+)_(\d+)-(\d+)$", "${1}.${2}.${3}")},
        "1_0-7",
        "1_2-3",
        Reason.NEWER,
    ),
    (
        "the range is of what is taken out",
        ["release-1.0.0", "release-2.0.0"],
        {"version_range": "1.x", "filter": ("^release-(.*)$", "$1")},
        None,
        "release-1.0.0",
        Reason.BEST,
    ),
    (
        "a suffix put away",
        ["1.0.0-alpine", "1.1.0-alpine", "1.2.0"],
        {"variant": "any", "filter": ("^(.*)-alpine$", "$1")},
        "1.0.0-alpine",
        "1.1.0-alpine",
        Reason.NEWER,
    ),
    (
        "the newest build of a branch",
        {"main-1": {"pushed": 3}, "main-2": {"pushed": 2}, "dev-3": {"pushed": 1}},
        {"strategy": "newest-build", "filter": ("^main-", "")},
        "main-1",
        "main-2",
        Reason.NEWER,
    ),
    (
        "a pattern is searched anywhere",
        ["a-main-1", "b-dev-2"],
        {"strategy": "alphabetical", "filter": ("main", "")},
        None,
        "a-main-1",
        Reason.BEST,
    ),
    (
        "of two with one value the greatest by bytes",
        ["main-aaaa-7", "main-bbbb-7", "main-b-7"],
        {"strategy": "numerical", "filter": (MAIN, "$ts")},
        None,
        "main-bbbb-7",
        Reason.BEST,
    ),
    (
        "but not for the current",
        ["main-aaaa-7", "main-bbbb-7"],
        {"strategy": "numerical", "filter": (MAIN, "$ts")},
        "main-aaaa-7",
        "main-aaaa-7",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "nor where it is gone",
        ["main-bbbb-7"],
        {"strategy": "numerical", "filter": (MAIN, "$ts")},
        "main-aaaa-7",
        "main-aaaa-7",
        Reason.CURRENT_IS_BEST,
    ),
    (
        "a current that the filter does not find",
        STAMPED,
        {"strategy": "numerical", "filter": (MAIN, "$ts")},
        "latest",
        "main-abc2-1700000010",
        Reason.CURRENT_UNFIT,
    ),
    (
        "a version of another form too",
        ["release-1.0.0"],
        {"filter": ("^release-(.*)$", "$1")},
        "2.0.0.0",
        "release-1.0.0",
        Reason.CURRENT_UNFIT,
    ),
    (
        "a version taken out that cannot be read is left alone",
        ["release-1.0.0"],
        {"filter": ("^release-(.*)$", "$1")},
        "release-1.0.0.1",
        None,
        Reason.NOT_A_VERSION,
    ),
    ("it finds nothing", STAMPED, {"strategy": "alphabetical", "filter": ("^no", "")}, None, None, Reason.NO_MATCH),
    (
        "what it takes out is empty",
        STAMPED,
        {"strategy": "numerical", "filter": (MAIN, "$nogroup")},
        None,
        None,
        Reason.NO_MATCH,
    ),
    (
        "exclusions are of the whole tag",
        ["main-1", "main-2.sig"],
        {"strategy": "numerical", "filter": (r"^main-(\d+)", "$1")},
        None,
        "main-1",
        Reason.BEST,
    ),
]


@pytest.mark.parametrize("case", CHOSEN, ids=[case[0] for case in CHOSEN])
def test_what_is_chosen_through_a_filter(select, answer, case):
    _, tags, rule, current, selected, reason = case

    assert answer(select(tags, rule, current)) == (selected, reason)


WHY = [
    ("latest", Reason.FILTERED_OUT, f"latest does not match the filter `{MAIN}`"),
    ("main-a-2.sig", Reason.EXCLUDED, r"main-a-2.sig is excluded by one of the patterns `\.(sig|att|sbom)$`"),
    ("main-a-1", Reason.OLDER_THAN_SELECTED, "main-a-1 is not higher than main-b-2"),
    ("main-a-2", Reason.SAME_VERSION, "main-a-2 is the same value as main-b-2"),
]


@pytest.mark.parametrize(("name", "reason", "sentence"), WHY)
def test_what_a_filter_leaves_out_says_so(select, name, reason, sentence):
    explained = select(["main-b-2", name], {"strategy": "numerical", "filter": (MAIN, "$ts")}).explain(name)

    assert (explained.reason, explained.sentence) == (reason, sentence)


def test_what_a_filter_takes_out_is_shown_where_it_cannot_be_compared(select):
    rule = {"strategy": "numerical", "filter": ("^main-(.*)$", "$1")}

    assert select(["main-x"], rule).explain("main-x").sentence == (
        "main-x is not a number: the filter takes 'x' out of it"
    )
