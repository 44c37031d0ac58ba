"""Problems of a policy file as a check run shows them: as plain text, and on their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.github import Annotation, Level
from bot.policies import POLICY_PATH
from bot.safe_text import LONGEST_SENTENCE, plain, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.policies import Problem

MOST_ANNOTATIONS: Final = 50


def problem_annotations(problems: Sequence[Problem], level: Level) -> tuple[Annotation, ...]:
    """Say each problem on its line, the first fifty, without letters that cannot be seen."""
    return tuple(
        Annotation(
            problem.path or POLICY_PATH,
            problem.line,
            problem.line,
            level,
            plain(problem.message, LONGEST_SENTENCE),
            title=plain(problem.key),
        )
        for problem in problems[:MOST_ANNOTATIONS]
    )


def listed(problems: Iterable[Problem]) -> str:
    """List problems, a line each."""
    return in_code(map(one_line, problems))


def in_code(lines: Iterable[str]) -> str:
    """Plain text: what a repository or a registry wrote is shown as code, so that nothing in it is rendered.

    Letters that cannot be seen are left out, among them those that turn a line around.
    """
    return "\n".join(f"    {visible(' '.join(line.split()))}" for line in lines)


def one_line(problem: Problem) -> str:
    """Write a problem on one line, with its place."""
    place = f"{problem.path} " if problem.path else ""
    return f"{place}line {problem.line}, column {problem.column}: {problem.key} {problem.message}"
