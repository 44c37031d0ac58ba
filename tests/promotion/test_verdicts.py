"""The logic of true, false and unknown, and verdicts as history keeps them."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.promotion import InvalidVerdict, Judged, Outcome, Refused, Verdict, verdict_from_json, verdict_to_json
from bot.promotion.verdicts import all_hold, any_holds, opposite

TRUE, FALSE, UNKNOWN = Outcome.TRUE, Outcome.FALSE, Outcome.UNKNOWN

outcomes = st.sampled_from(Outcome)
several = st.lists(outcomes, max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (TRUE, TRUE, TRUE, TRUE),
        (TRUE, FALSE, FALSE, TRUE),
        (TRUE, UNKNOWN, UNKNOWN, TRUE),
        (FALSE, TRUE, FALSE, TRUE),
        (FALSE, FALSE, FALSE, FALSE),
        (FALSE, UNKNOWN, FALSE, UNKNOWN),
        (UNKNOWN, TRUE, UNKNOWN, TRUE),
        (UNKNOWN, FALSE, FALSE, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_two_outcomes_are_joined_as_kleene_does(one, other, both, either):
    assert (all_hold([one, other]), any_holds([one, other])) == (both, either)


def test_nothing_to_hold_holds_and_nothing_to_choose_from_does_not():
    assert (all_hold([]), any_holds([])) == (TRUE, FALSE)


@given(several)
def test_de_morgan_holds(found):
    assert opposite(all_hold(found)) is any_holds(opposite(each) for each in found)


@given(several, several)
def test_grouping_changes_nothing(some, others):
    assert all_hold([all_hold(some), all_hold(others)]) is all_hold(some + others)
    assert any_holds([any_holds(some), any_holds(others)]) is any_holds(some + others)


@given(several, st.randoms())
def test_order_changes_nothing(found, random):
    shuffled = random.sample(found, len(found))
    assert (all_hold(shuffled), any_holds(shuffled)) == (all_hold(found), any_holds(found))


@given(outcomes, outcomes, outcomes)
def test_each_distributes_over_the_other(one, two, three):
    assert all_hold([one, any_holds([two, three])]) is any_holds([all_hold([one, two]), all_hold([one, three])])


@given(several)
def test_learning_what_was_unknown_never_turns_a_decision(found):
    """The law that lets criteria be judged before all is known."""
    unknown = [at for at, each in enumerate(found) if each is UNKNOWN]
    for join in (all_hold, any_holds):
        before = join(found)
        for values in product((TRUE, FALSE), repeat=len(unknown)):
            known = list(found)
            for at, value in zip(unknown, values, strict=True):
                known[at] = value
            assert before in {UNKNOWN, join(known)}


text = st.text(max_size=20)
judged = st.recursive(
    st.builds(Judged, text, outcomes, text, st.lists(text, max_size=2).map(tuple)),
    lambda inner: st.builds(Judged, text, outcomes, text, st.just(()), st.lists(inner, max_size=2).map(tuple)),
    max_leaves=5,
)
verdicts = st.builds(
    Verdict,
    outcomes,
    st.lists(judged, max_size=3).map(tuple),
    text,
    st.lists(st.builds(Refused, text, text), max_size=2).map(tuple),
    st.lists(text, max_size=2).map(tuple),
)


@given(verdicts)
def test_a_kept_verdict_comes_back_as_it_was(verdict):
    assert verdict_from_json(verdict_to_json(verdict)) == verdict


def nested(depth):
    document = {"criterion": "all of these", "outcome": "true", "seen": "", "sources": []}
    for _ in range(depth):
        document = document | {"inner": [document]}
    return json.dumps({"outcome": "true", "sentence": "", "judged": [document], "refused": [], "pending": []})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        '{"outcome":"perhaps","judged":[],"sentence":"","refused":[],"pending":[]}',
        '{"outcome":"true","judged":[{}],"sentence":"","refused":[],"pending":[]}',
        '{"outcome":"true","judged":["a"],"sentence":"","refused":[],"pending":[]}',
        '{"outcome":["true"],"judged":[],"sentence":"","refused":[],"pending":[]}',
        '{"outcome":"true","judged":[],"sentence":"","refused":[1],"pending":[]}',
        '{"outcome":"true","judged":[],"sentence":"","refused":[],"pending":5}',
        "[" * 100_000,
        nested(20),
    ],
    ids=str.__len__,
)
def test_what_is_no_verdict_is_refused(text):
    with pytest.raises(InvalidVerdict, match="no verdict"):
        verdict_from_json(text)


def test_a_verdict_as_deep_as_a_policy_file_allows_is_read():
    assert verdict_from_json(nested(9)).outcome is TRUE
