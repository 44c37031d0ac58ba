"""Long lists: what is remembered of one changes no answer about the next, and reasons are worked out one by one."""

from itertools import islice

import pytest

from bot.images import Platform, Tag
from bot.selection import Reason, choose
from bot.selection.contest import Contest
from bot.selection.decision import Explained
from bot.selection.explanation import LazyExplanation
from bot.selection.listing import Listing
from bot.selection.passes import Pass
from bot.selection.question import Question
from bot.selection.ranked import Ranked
from bot.selection.reading import Family
from bot.selection.rolls import SHORTEST_LIST, forget
from tests.selection.conftest import NOW, rule

AMD64 = frozenset({Platform("linux", "amd64")})
LONG = [Tag(f"{number // 40}.{number % 40}.0", platforms=AMD64) for number in range(SHORTEST_LIST + 40)]
NEXT = Tag("9999.0.0", platforms=AMD64)

LISTS = [
    # what it shows, the list that comes after the long one
    ("the same", LONG),
    ("a new tag at the end", [*LONG, NEXT]),
    ("a new tag at the beginning", [NEXT, *LONG]),
    ("a new tag in the middle", [*LONG[:500], NEXT, *LONG[500:]]),
    ("the best is gone", LONG[:-1]),
    ("the best is gone and another came", [*LONG[:-1], Tag("0.0.1", platforms=AMD64)]),
    ("some are gone", [*LONG[:10], *LONG[20:]]),
    ("half of them are gone", LONG[: SHORTEST_LIST // 2]),
    ("in another order", LONG[::-1]),
    ("one comes twice", [*LONG, LONG[-1]]),
    ("another repository's", [Tag(f"v{tag.name}", platforms=AMD64) for tag in LONG]),
    ("what is known of them changed", [Tag(tag.name, platforms=frozenset()) for tag in LONG]),
]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Begin and end as a new process does."""
    forget()
    yield
    forget()


@pytest.mark.parametrize("strategy", ["semver", "alphabetical", "numerical", "newest-build", "digest"])
@pytest.mark.parametrize("following", [case[1] for case in LISTS], ids=[case[0] for case in LISTS])
def test_what_is_remembered_changes_no_answer(following, strategy):
    chosen_by, current = rule(strategy=strategy, filter=(r"^v?([0-9]+)", "")), LONG[40]
    afresh = choose(chosen_by, following, current=current, now=NOW)
    forget()

    choose(chosen_by, LONG, current=current, now=NOW)
    remembering = choose(chosen_by, following, current=current, now=NOW)

    assert remembering == afresh
    assert remembering.shortened(5).explanation == afresh.shortened(5).explanation


def test_a_tag_that_comes_back_is_chosen_again():
    without = LONG[:-1]

    selected = [choose(rule(), tags, now=NOW).selected for tags in (LONG, without, LONG, without)]

    assert selected == [LONG[-1], LONG[-2], LONG[-1], LONG[-2]]


def test_each_rule_has_its_own_answer_about_one_list():
    for _ in range(2):
        assert choose(rule("1.x"), LONG, now=NOW).selected.name == "1.39.0"
        assert choose(rule("2.x"), LONG, now=NOW).selected.name == "2.39.0"
        assert choose(rule("1.x", exclude=("39",)), LONG, now=NOW).selected.name == "1.38.0"


PLAIN = Family(False, 3, "")


@pytest.mark.parametrize("chunks", [[["2.0.0", "1.0.0", "3.0.0"]], [["2.0.0"], ["3.0.0"], ["1.0.0"]]])
@pytest.mark.parametrize("last_first", [True, False])
def test_a_pass_gives_the_accepted_names_in_order_however_it_learned_them(chunks, last_first):
    known = Pass(rule("<3"))
    for names in chunks:
        known.learn([*names, f"v{names[0]}", "word"])

    names = [name for _, name in known.accepted(lambda family: family == PLAIN, last_first=last_first)]

    assert names == (["2.0.0", "1.0.0"] if last_first else ["1.0.0", "2.0.0"])


def test_a_pass_gives_every_name_that_stands_in_the_order():
    known = Pass(rule("<3"))
    known.learn(["1.0.0", "v2.0.0", "3.0.0", "word", "1.0.0.sig"])

    assert list(known.placed(last_first=True)) == ["3.0.0", "v2.0.0", "1.0.0"]
    assert list(known.placed(last_first=False)) == ["1.0.0", "v2.0.0", "3.0.0"]


def test_a_pass_puts_the_families_that_are_kept_into_one_order():
    known = Pass(rule())
    known.learn(["1.0.0", "v2.0.0", "3.0.0", "v4.0.0", "5.0.0-alpine"])

    names = [name for _, name in known.accepted(lambda family: not family.suffix, last_first=True)]

    assert names == ["v4.0.0", "3.0.0", "v2.0.0", "1.0.0"]


class _Counting:
    """A contest that counts how often it is asked for a reason; all else it leaves to the real one."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self.asked = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._contest, name)

    def aside(self, name: str) -> Explained | None:
        self.asked += 1
        return self._contest.aside(name)


def test_of_very_many_tags_only_the_reasons_that_are_taken_are_worked_out():
    tags = [Tag(f"{number // 400}.{number % 400}.0", platforms=AMD64) for number in range(200_000)]
    question = Question(rule(), Listing(tags), None, (), NOW)
    contest = _Counting(Ranked(question))
    explanation = LazyExplanation(question, contest, tags[-1], Explained(Reason.BEST, ""), {})

    first = list(islice(explanation.rejected(), 3))

    assert [(tag.name, why.reason) for tag, why in first] == [
        ("499.398.0", Reason.OLDER_THAN_SELECTED),
        ("499.397.0", Reason.OLDER_THAN_SELECTED),
        ("499.396.0", Reason.OLDER_THAN_SELECTED),
    ]
    assert contest.asked == 3
