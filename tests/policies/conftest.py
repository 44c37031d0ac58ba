"""Builders for policy files: a test writes only the keys it is about."""

from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from bot.policies import ImagePolicy, PolicyFileError, Problem, load


@pytest.fixture(scope="session")
def load_policy() -> Callable[..., ImagePolicy]:
    """Give the one policy of a file, of whose keys only some are named."""

    def build(keys: str = "", image: str = "ghcr.io/o/app", top: str = "") -> ImagePolicy:
        text = f"version: 1\n{dedent(top)}\nimages:\n  - image: {image}\n{indent(dedent(keys), '    ')}\n"
        return load(text).images[0]

    return build


@pytest.fixture(scope="session")
def problems_in() -> Callable[[str], tuple[Problem, ...]]:
    """Give the problems of a file that must have some."""

    def problems(text: str) -> tuple[Problem, ...]:
        with pytest.raises(PolicyFileError) as caught:
            load(dedent(text))
        return caught.value.problems

    return problems


@pytest.fixture(scope="session")
def problem_with(problems_in: Callable[[str], tuple[Problem, ...]]) -> Callable[[str], Problem]:
    """Give the one problem of a file with one policy, of whose keys these are named; the first is in line 4."""

    def problem(keys: str) -> Problem:
        (only,) = problems_in(f"version: 1\nimages:\n  - image: ghcr.io/o/app\n{indent(dedent(keys), '    ')}\n")
        return only

    return problem
