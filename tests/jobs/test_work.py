"""Work is its kind and its key, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import (
    KINDS,
    AnnounceImage,
    BumpRepository,
    ChooseReaders,
    Housekeeping,
    IndexRepository,
    InvalidWork,
    MergeBump,
    PollImage,
    Priority,
    ReconsiderImage,
    ReportPolicyFile,
    ScanImage,
    SynchroniseInstallation,
    key,
    kind,
    owner,
    parse,
    priority,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
NUMBERS = st.integers(0, 2**63 - 1)
WORK = st.one_of(
    st.builds(ScanImage, NAMES, NAMES, NAMES),
    st.builds(BumpRepository, NUMBERS, NUMBERS, NAMES),
    st.builds(IndexRepository, NUMBERS, NUMBERS),
    st.just(Housekeeping()),
)


@given(WORK)
def test_work_is_read_back_from_its_kind_and_key(work):
    assert parse(kind(work), key(work)) == work


@given(WORK, WORK)
def test_different_work_has_a_different_kind_or_key(one, other):
    assert ((kind(one), key(one)) == (kind(other), key(other))) == (one == other)


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (ScanImage("ghcr.io", "o/app"), ("scan-image", '["ghcr.io","o/app",""]', Priority.SCAN, "registry:ghcr.io")),
        (
            ReconsiderImage("ghcr.io", "o/app"),
            ("reconsider-image", '["ghcr.io","o/app",""]', Priority.SCAN, "registry:ghcr.io"),
        ),
        (
            PollImage("ghcr.io", "o/app", "c-1"),
            ("poll-image", '["ghcr.io","o/app","c-1"]', Priority.POLL, "registry:ghcr.io"),
        ),
        (AnnounceImage("ghcr.io", "o/app"), ("announce-image", '["ghcr.io","o/app"]', Priority.SCAN, "")),
        (ChooseReaders(7), ("choose-readers", "[7]", Priority.SCAN, "installation:7")),
        (BumpRepository(7, 8, "app"), ("bump-repository", '[7,8,"app"]', Priority.BUMP, "installation:7")),
        (MergeBump(7, 8, "app"), ("merge-bump", '[7,8,"app"]', Priority.MERGE, "installation:7")),
        (ReportPolicyFile(7, 8), ("report-policy-file", "[7,8]", Priority.REVIEW, "installation:7")),
        (IndexRepository(7, 8), ("index-repository", "[7,8]", Priority.INDEX, "installation:7")),
        (SynchroniseInstallation(7), ("synchronise-installation", "[7]", Priority.INDEX, "installation:7")),
        (Housekeeping(), ("housekeeping", "[]", Priority.INDEX, "")),
    ],
)
def test_each_kind_has_its_key_priority_and_owner(work, expected):
    assert (kind(work), key(work), priority(work), owner(work)) == expected


def test_the_kind_of_a_type_is_that_of_its_values():
    assert {name: kind(work_type) for name, work_type in KINDS.items()} == {name: name for name in KINDS}


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("scan-moon", "[]", "no such kind"),
        ("scan-image", "nonsense", "not JSON"),
        ("scan-image", "[" * 100_000, "not JSON"),
        ("scan-image", "{}", "not a list"),
        ("scan-image", '["ghcr.io"]', "fields"),
        ("scan-image", '["ghcr.io","a","b","c"]', "fields"),
        ("index-repository", '[1,"2"]', "fields"),
        ("index-repository", "[1,true]", "fields"),
    ],
)
def test_a_key_that_does_not_fit_its_kind_is_no_work(name, text, problem):
    with pytest.raises(InvalidWork, match=problem):
        parse(name, text)


@pytest.mark.parametrize("repository", ["a" * 600, "a\0b", "\ud800"])
def test_a_key_that_a_store_could_not_hold_is_refused(repository):
    with pytest.raises(InvalidWork):
        key(ScanImage("ghcr.io", repository))


def test_a_key_is_a_compact_json_list():
    assert json.loads(key(ScanImage("ghcr.io", "größe"))) == ["ghcr.io", "größe", ""]


def test_a_key_that_was_written_before_a_field_was_added_is_read() -> None:
    assert parse("reconsider-image", '["ghcr.io","o/app"]') == ReconsiderImage("ghcr.io", "o/app", "")
