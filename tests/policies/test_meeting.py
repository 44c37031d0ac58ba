"""Whether two lists of globs select a file in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests import selects
from bot.policies.meeting import common_path

MEETING = [
    (["**"], ["**"]),
    (["**"], ["clusters/prod/**"]),
    (["clusters/**"], ["clusters/prod/**"]),
    (["clusters/prod"], ["clusters/*"]),
    (["clusters/prod/"], ["/clusters/prod/app.yaml"]),
    (["app.yaml"], ["clusters/**"]),
    (["*.yaml"], ["deploy*"]),
    (["**/dev/**"], ["apps/**"]),
    (["apps/*/dev"], ["apps/web/**"]),
    (["*"], ["a?c/d"]),
    (["[ab]/x"], ["a/**"]),
    (["!legacy/**"], ["clusters/**"]),
    (["!legacy/**"], ["!old/**"]),
    (["clusters/**", "!clusters/legacy/**"], ["clusters/legacy/**", "clusters/prod"]),
    (["**", "!**/dev/**", "apps/dev/**"], ["apps/dev/web.yaml"]),
    (["x\\*.yaml"], ["x*"]),
]
APART = [
    (["dev/**"], ["prod/**"]),
    (["clusters/dev"], ["clusters/prod"]),
    (["**", "!prod/**"], ["prod/**"]),
    (["!prod/"], ["prod/"]),
    (["clusters/**", "!clusters/legacy/**"], ["clusters/legacy/**"]),
    (["/app.yaml"], ["clusters/**"]),
    (["a.yaml"], ["b.yaml"]),
    (["["], ["**"]),
    (["# nothing"], ["**"]),
    ([""], ["**"]),
]


@pytest.mark.parametrize(("one", "other"), MEETING)
def test_a_path_shows_that_lists_meet(one, other):
    for first, second in ((tuple(one), tuple(other)), (tuple(other), tuple(one))):
        path = common_path(first, second)

        assert path is not None
        assert selects(first, path)
        assert selects(second, path)


@pytest.mark.parametrize(("one", "other"), APART)
def test_lists_that_are_apart_have_no_path_in_common(one, other):
    assert common_path(tuple(one), tuple(other)) is None
    assert common_path(tuple(other), tuple(one)) is None


GLOBS = st.lists(st.text("ab/*?[]!\\#. ", max_size=8), min_size=1, max_size=4).map(tuple)


@given(GLOBS, GLOBS)
def test_a_path_that_is_found_is_selected_by_both(one, other):
    path = common_path(one, other)

    assert path is None or (selects(one, path) and selects(other, path))


@given(st.lists(st.from_regex(r"\A[ab]{1,2}(/[ab]{1,2}){0,2}\Z"), min_size=1, max_size=3).map(tuple))
def test_plain_paths_meet_themselves(paths):
    assert common_path(paths, paths) is not None
