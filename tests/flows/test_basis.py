"""What a commit was made from is read as it was written, and what an older version did not write is empty."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.basis import Basis, read_basis
from bot.selection import UpdateKind

texts = st.text(max_size=20)
pairs = st.dictionaries(texts, texts, max_size=3)


@given(st.builds(Basis, texts, texts, pairs, st.lists(pairs, max_size=3).map(tuple)))
def test_it_is_read_as_it_was_written(basis: Basis) -> None:
    assert read_basis(basis.written()) == basis


def test_the_same_basis_is_written_the_same_way() -> None:
    one, other = Basis(blobs={"a": "1", "b": "2"}), Basis(blobs={"b": "2", "a": "1"})
    assert one.written() == other.written()


OLDER = {
    "nothing": ({}, Basis()),
    "no base and no policy": (
        {"blobs": {"a.yaml": "1" * 40}, "proposals": [{"policy": "api"}]},
        Basis(blobs={"a.yaml": "1" * 40}, proposals=({"policy": "api"},)),
    ),
    "no policy": ({"base": "2" * 40}, Basis(base="2" * 40)),
    "more than is known now": ({"policy": "3" * 40, "colour": "red"}, Basis(policy="3" * 40)),
}


@pytest.mark.parametrize("case", OLDER)
def test_what_another_version_wrote_is_read(case: str) -> None:
    written, basis = OLDER[case]
    assert read_basis(json.dumps(written)) == basis


@pytest.mark.parametrize(
    ("update", "expected"),
    [("minor", UpdateKind.MINOR), ("digest", UpdateKind.DIGEST), ("", None), ("enormous", None), (None, None)],
)
def test_how_far_a_proposal_goes_is_read_and_what_is_not_known_is_none(
    update: str | None, expected: UpdateKind | None
) -> None:
    proposal = {"policy": "api"} if update is None else {"policy": "api", "update": update}
    assert read_basis(Basis(proposals=(proposal,)).written()).updates == (expected,)
