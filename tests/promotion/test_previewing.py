"""What a changed policy file would do to promotions is said before it counts."""

import pytest

from bot.policies import load
from bot.policies.promotions import Promotion
from bot.promotion.previewing import Prospect, promotions_preview

WAY = "from: r.example/dev/web, to: r.example/qa/web"
PLAIN = f"{{name: a, {WAY}}}"


def promotions(*written: str) -> tuple[Promotion, ...]:
    return load(f"version: 1\npromotions: [{', '.join(written)}]\n").promotions


def told(before: tuple[Promotion, ...], after: tuple[Promotion, ...], **prospects: Prospect) -> list[str]:
    return promotions_preview(before, after, prospects)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ((), (PLAIN,), "- `a` would begin: from `r.example/dev/web` to `r.example/qa/web`, each tag as `%n`, without"),
        ((PLAIN,), (f"{{name: a, {WAY}, tag-template: '%n-%j'}}",), "- `a` would change: from"),
        ((PLAIN,), (), "- `a` would end; what it copied stays."),
    ],
    ids=["new", "changed", "gone"],
)
def test_what_comes_changes_and_goes_is_named(before: tuple[str, ...], after: tuple[str, ...], said: str) -> None:
    (line,) = told(promotions(*before), promotions(*after))
    assert line.startswith(said)


def test_what_only_moves_to_another_line_is_not() -> None:
    assert told(promotions(PLAIN), promotions(f"\n\n{PLAIN}")) == []


def test_criteria_are_said_in_words() -> None:
    when = "when: [{tag: {ends-with: -stable}}, {any: [{license: {one-of: [MIT]}}, {component: {equals: bash}}]}]"
    (line,) = told((), promotions(f"{{name: a, {WAY}, {when}}}"))
    wanted = "when `tag: ends with -stable` and (`license: one of MIT` or `component: equals bash`)."
    assert line.endswith(wanted)


def test_what_keeps_it_from_being_carried_out_is_said() -> None:
    assert "could not be carried out: no credential." in told((), promotions(PLAIN), a=Prospect("no credential"))[1]


@pytest.mark.parametrize(("fitting", "said"), [(1234, "1,234 of today's tags"), (None, "those of today's tags")])
def test_how_many_of_todays_tags_fit_is_said_where_it_may_be_told(fitting: int | None, said: str) -> None:
    lines = told((), promotions(f"{{name: a, {WAY}, existing: true}}"), a=Prospect(fitting=fitting))
    assert said in lines[1]
