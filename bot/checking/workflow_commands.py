"""What a check found out, as commands to the runner of GitHub Actions, which shows them on the lines of a diff.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.checking.words import object_of
from bot.explaining.shown import shown
from bot.policies.rules import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.checking.outcome import Outcome
    from bot.findings import Finding

_COMMANDS: Final[Mapping[Severity, str]] = {
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
# The runner takes these back, in this order; a value of a property ends at a comma and may hold no colon.
_IN_DATA: Final = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_IN_PROPERTY: Final = (*_IN_DATA, (":", "%3A"), (",", "%2C"))


def outcome_as_workflow_commands(outcome: Outcome, folder: str) -> str:
    """Write a command for each finding that counts, the most severe first: the runner keeps ten of each kind.

    `folder` is where the checked folder lies in the repository, "" for its root.
    """
    return "".join(f"{_command(each, folder)}\n" for each in outcome.report.new)


def _command(finding: Finding, folder: str) -> str:
    properties = {
        # A name with letters that do something to a terminal leads to no file then; its finding stands in the log.
        "file": shown(f"{folder}/{finding.path}" if folder else finding.path),
        "line": str(finding.line),
        "endLine": str(finding.end_line),
        "title": finding.rule,
    }
    written = ",".join(f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in properties.items())
    said = " ".join(filter(None, (_about(finding), finding.message, finding.mend)))
    return f"::{_COMMANDS[finding.severity]} {written}::{_escaped(shown(said), _IN_DATA)}"


def _about(finding: Finding) -> str:
    about = object_of(finding)
    return f"{about}:" if about else ""


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    safe = text.encode(errors="backslashreplace").decode()
    for what, escape in escapes:
        safe = safe.replace(what, escape)
    return safe
