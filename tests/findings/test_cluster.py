"""The sample cluster: what `niro check` says of it, as golden files. `WRITE_GOLDEN=1` writes them anew."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from bot.checking import CheckAsked, Form, Look, check_folder
from bot.policies.rules import RULES

CLUSTER = Path(__file__).parent / "cluster"
TODAY = date(2026, 2, 1)


def said(form: Form) -> str:
    asked = CheckAsked(".", form=form)
    return check_folder(asked, TODAY, lambda _: None, Look(100)).text


@pytest.mark.parametrize(("form", "golden"), [(Form.TEXT, "cluster.txt"), (Form.JSON, "cluster.json")])
def test_the_findings_are_those_of_the_golden_file(monkeypatch: pytest.MonkeyPatch, form: Form, golden: str) -> None:
    monkeypatch.chdir(CLUSTER)
    place = CLUSTER.parent / golden
    text = said(form)
    if os.environ.get("WRITE_GOLDEN"):
        place.write_text(text)
    assert text == place.read_text()


def test_every_rule_finds_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CLUSTER)
    told = json.loads(said(Form.JSON))
    found = {each["rule"] for each in (*told["findings"], *told["waived"])}
    assert found == {rule.id for rule in RULES}
