"""What cannot be honoured is told at its key, with what replaces it, and keeps nothing else from being done."""

import pytest

from bot.policies.flux.unhonoured import UNHONOURED


def nested(way, value):
    """A mapping in which the value stands at the end of the way."""
    first, *rest = way.split(".")
    return {first: nested(".".join(rest), value) if rest else value}


BUILDERS = {"ImageRepository": "repository", "ImagePolicy": "policy", "ImageUpdateAutomation": "automation"}
VALUES = {"spec.insecure": True, "spec.provider": "aws", "spec.timeout": "30s", "spec.interval": "5m"}


@pytest.mark.parametrize("row", UNHONOURED, ids=lambda row: f"{row.kind.value} {row.field}")
def test_each_field_is_told_with_what_replaces_it(flux, row):
    spec = nested(row.field.removeprefix("spec."), VALUES.get(row.field, {"name": "x"}))
    if row.field.startswith("spec.git.") and "checkout" not in row.field:
        spec["git"]["checkout"] = {"ref": {"branch": "main"}}
    written = getattr(flux, BUILDERS[row.kind.value])(**spec)
    others = [flux.repository()] if row.kind.value == "ImagePolicy" else []

    problem = next(problem for problem in flux.problems(written, *others) if problem.key == row.field.split(".")[-1])

    key = row.field.rpartition(".")[2]
    assert problem.message == f"`{row.field}` is not honoured here: {row.instead}"
    assert problem.path == "flux.yaml"
    line = "---\n".join([written, *others]).splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith(f"{key}:")


@pytest.mark.parametrize(
    "spec", [{"insecure": False}, {"provider": "generic"}, {"accessFrom": None}, {"secretRef": None}, {"timeout": None}]
)
def test_what_asks_for_nothing_else_is_not_told(flux, spec):
    assert flux.problems(flux.repository(**spec)) == ()


def test_the_policies_are_loaded_all_the_same(flux):
    automation = flux.automation(
        git={"commit": {"author": {"email": "a@b.c"}}, "checkout": {"ref": {"branch": "main"}}}
    )

    file = flux.load(flux.repository(secretRef={"name": "x"}, insecure=True), flux.policy(), automation)

    assert [policy.name for policy in file.images] == ["apps:app"]
    assert [problem.key for problem in file.problems] == ["secretRef", "insecure", "author"]


def test_no_field_is_named_twice():
    assert len({(row.kind, row.field) for row in UNHONOURED}) == len(UNHONOURED)
