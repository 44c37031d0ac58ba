"""The check run that tells on a commit what was seen: findings, waivers, and a changed policy file."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from bot.findings.links import Links
from bot.findings.telling_check import check_summary, check_title, notes
from bot.flows.told_problems import listed, problem_annotations
from bot.github import Annotation, CheckAction, CheckRun, Conclusion, Level
from bot.policies import POLICY_PATH
from bot.safe_text import code, cut, size

if TYPE_CHECKING:
    from bot.findings.report import Report
    from bot.flows.reviewed import Look
    from bot.policies import Problem

CHECK_NAME: Final = "niro / policies"
LONGEST_SUMMARY: Final = 60_000
"""Bytes."""

_PROPOSED: Final = f"## `{POLICY_PATH}`"
_AROUND: Final = (
    "What other files say (service accounts and their pull secrets, autoscalers, kustomizations) is known of the"
    " default branch alone; here it is taken from there."
)

EXPLAIN: Final = CheckAction("Explain", "What these rules are, and what to do", "explain")
IGNORE: Final = CheckAction("Ignore", "Propose a dated waiver of each", "ignore")


def check_run_of(seen: Look, web_url: str, rules: str, number: int = 0) -> CheckRun:
    """Put what was seen into a check run. `web_url` is the repository's page, `rules` the page about the rules.

    `number` is the pull request's; 0: it is about none, and has no buttons.
    """
    conclusion, title = _verdict(seen)
    return CheckRun(
        head=seen.place.head,
        name=CHECK_NAME,
        conclusion=conclusion,
        title=title,
        summary=_summary(seen, _links(seen, web_url, rules)),
        annotations=(*_about_policies(seen), *_about_findings(seen.report)),
        actions=(EXPLAIN, IGNORE) if number and seen.report is not None and seen.report.new else (),
        about=str(number) if number else "",
    )


def digest_of(check_run: CheckRun) -> str:
    """Return a hash of all that a check run says, whatever commit it says it of."""
    return sha256(repr(replace(check_run, head="")).encode(errors="replace")).hexdigest()


def _links(seen: Look, web_url: str, rules: str) -> Links:
    files, policy = f"{web_url}/blob/{seen.place.head}", f"{web_url}/blob/{seen.place.base}/{POLICY_PATH}"
    return Links(files=files, rules=rules, policy=policy)


def _verdict(seen: Look) -> tuple[Conclusion, str]:
    """Say how the check ends, and what matters most, the worst first."""
    problems = seen.proposed.problems if seen.proposed is not None else ()
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        return Conclusion.FAILURE, f"{count} in {POLICY_PATH}, line {problems[0].line}"
    if seen.problems:
        said = f"The policy file of {seen.place.branch} is not understood, so nothing was judged"
        return (Conclusion.SUCCESS, "The policy file is mended") if seen.proposed else (Conclusion.NEUTRAL, said)
    if seen.report is not None and (seen.report.files or seen.proposed is None):
        return Conclusion(seen.report.conclusion.value), check_title(seen.report)
    if seen.proposed is not None:
        return Conclusion.SUCCESS, "The changed policy file is understood"
    return Conclusion.SUCCESS, "Nothing is judged here: the policy file says `enabled: false`"


def _summary(seen: Look, links: Links) -> str:
    """Tell of the policy file, and of the findings in the room that is left."""
    said = cut("\n\n".join(_about_files(seen)), LONGEST_SUMMARY)
    if seen.report is None:
        return said
    has_findings = bool(seen.report.new or seen.report.fixed)
    around = _AROUND if has_findings and not seen.place.is_default else ""
    findings = check_summary(seen.report, links, LONGEST_SUMMARY - size(said) - size(around) - 4)
    return "\n\n".join(part for part in (said, findings, around) if part)


def _about_files(seen: Look) -> list[str]:
    said = []
    if seen.proposed is not None:
        said += [_PROPOSED, *_of_proposed(seen)]
    if seen.problems:
        said += [
            f"The policy file of the base branch {code(seen.place.branch)} is not understood, so nothing was judged:",
            listed(seen.problems),
        ]
    if seen.report is None and not said:
        said.append(f"`{POLICY_PATH}` of the base branch says `enabled: false`.")
    return said


def _of_proposed(seen: Look) -> list[str]:
    assert seen.proposed is not None
    if seen.proposed.problems:
        return [
            "It cannot be understood as it is changed here. After the merge nothing would be done in this repository:",
            listed(seen.proposed.problems),
        ]
    remarks = ["What cannot be honoured in it:", listed(seen.proposed.remarks)] if seen.proposed.remarks else []
    return [seen.proposed.words, *remarks]


def _about_policies(seen: Look) -> tuple[Annotation, ...]:
    if seen.proposed is None:
        return ()
    wrong: tuple[Problem, ...] = seen.proposed.problems
    return (
        *problem_annotations(wrong, Level.FAILURE),
        *problem_annotations(seen.proposed.remarks, Level.WARNING),
    )


def _about_findings(report: Report | None) -> tuple[Annotation, ...]:
    told = notes(report) if report is not None else ()
    return tuple(
        Annotation(note.path, note.line, note.end_line, Level(note.level), note.message, title=note.title)
        for note in told
    )
