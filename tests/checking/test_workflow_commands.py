"""The form for the runner of GitHub Actions: one command a line, whatever a file says."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checking.workflow_commands import outcome_as_workflow_commands
from bot.explaining.shown import shown
from bot.policies.rules import Severity
from tests.checking.outcomes import finding, outcome

COMMAND = re.compile(r"::(error|warning|notice) file=([^,:]*),line=(\d+),endLine=(\d+),title=([^,:]*)::([^\r\n]*)\n")


@pytest.mark.parametrize(
    ("severity", "command"), [(Severity.HIGH, "error"), (Severity.MEDIUM, "warning"), (Severity.LOW, "notice")]
)
def test_a_finding_is_one_command(severity: Severity, command: str) -> None:
    assert outcome_as_workflow_commands(outcome(finding(severity=severity)), "") == (
        f"::{command} file=apps/api.yaml,line=12,endLine=12,title=latest-image-tag::"
        "Deployment shop/api, container server: The image `nginx` has no tag. Name a version.\n"
    )


def test_paths_are_those_of_the_repository() -> None:
    assert " file=deploy/apps/api.yaml," in outcome_as_workflow_commands(outcome(finding()), "deploy")


def test_what_means_something_to_the_runner_is_escaped() -> None:
    written = outcome_as_workflow_commands(outcome(finding(path="a,b:c%\n.yaml", message="100%\n::error::x")), "")
    assert " file=a%2Cb%3Ac%25\\n.yaml," in written
    assert "100%25\\n::error::x" in written


@given(st.text(), st.text())
def test_nothing_breaks_out_of_its_command(path: str, message: str) -> None:
    written = outcome_as_workflow_commands(outcome(finding(path=path, message=message)), "")
    found = COMMAND.fullmatch(written)
    assert found is not None
    assert unquote(found[2]) == shown(path)


@given(st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Cs"]), min_size=1))
def test_nothing_that_a_name_holds_reaches_the_log_raw(hostile: str) -> None:
    written = outcome_as_workflow_commands(outcome(finding(path=f"a{hostile}.yaml", name=hostile)), hostile)
    assert written.removesuffix("\n").isprintable()
