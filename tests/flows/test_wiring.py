"""What is declared in several places says the same: kinds of work, events, permissions."""

import re
from pathlib import Path

import pytest
import yaml

from bot import flows
from bot.github.events import WEBHOOK_EVENTS_ROUTER
from bot.github.scopes import Access, Scope
from bot.jobs.performing import performers
from bot.jobs.work import KINDS

ROOT = Path(__file__).parents[2]
APP = yaml.safe_load((ROOT / "app.yml").read_text())
UNASKED = {"installation", "installation_repositories"}
LEVELS = {"read": 1, "write": 2}
# An owner may give it; app.yml does not ask for it.
OPTIONAL = {"workflows": "write"}
# The same happening under another name: not subscribed to, understood where it comes.
ALSO_UNDERSTOOD = {"package"}


def handlers() -> dict[str, set[str]]:
    """Every handler by its event: the names of the functions, whatever actions they are for."""
    found: dict[str, set[str]] = {}
    for event in {*APP["default_events"], *UNASKED, *ALSO_UNDERSTOOD, "push", "star"}:
        payloads = [{"action": action} for action in ACTIONS]
        routes = [route for payload in payloads for route in WEBHOOK_EVENTS_ROUTER.emit_routes_for(event, payload)]
        found[event] = {f"{route.__module__}.{route.__qualname__}" for route in routes}
    return found


ACTIONS = re.findall(r'"([a-z_]+)"', " ".join(path.read_text() for path in (ROOT / "bot/flows").glob("*.py")))


def test_each_kind_of_work_has_exactly_one_performer() -> None:
    assert set(performers()) == set(KINDS)


def test_the_flows_import_each_file_that_performs_or_hears() -> None:
    found = {path.stem: path.read_text() for path in (ROOT / "bot/flows").glob("*.py")}
    files = {name for name, text in found.items() if re.search(r"^@(performs|process)", text, re.MULTILINE)}
    assert files <= set(flows.__all__)


@pytest.mark.parametrize("event", [*APP["default_events"], *sorted(UNASKED)])
def test_each_event_of_the_app_has_exactly_one_handler(event: str) -> None:
    assert len(handlers()[event]) == 1


def test_no_event_has_a_handler_that_the_app_does_not_hear() -> None:
    heard = set(re.findall(r'@process_event(?:_actions)?\(\s*"(\w+)"', _flows_text()))
    assert heard == {*APP["default_events"], *UNASKED, *ALSO_UNDERSTOOD}


def _flows_text() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "bot/flows").glob("*.py"))


def test_the_permissions_are_those_that_the_documentation_gives_reasons_for() -> None:
    text = (ROOT / "docs/permissions.md").read_text()
    rows = re.findall(r"^\| (\w+) \| (read|write) \| (.+) \|$", text, re.MULTILINE)
    assert {name: access for name, access, _ in rows} == APP["default_permissions"]


def test_every_event_is_explained_in_the_documentation() -> None:
    text = (ROOT / "docs/permissions.md").read_text().partition("## Events")[2]
    table = " ".join(re.findall(r"^\| (.+?) \|", text, re.MULTILINE))
    assert [event for event in (*APP["default_events"], *UNASKED) if not re.search(rf"\b{event}\b", table)] == []


@pytest.mark.parametrize("scope", Scope)
def test_no_token_asks_for_more_than_the_app_has(scope: Scope) -> None:
    granted = APP["default_permissions"] | (OPTIONAL if scope is Scope.WORKFLOWS else {})
    wanted = Access(1, None, scope).permissions
    assert [name for name, level in wanted.items() if LEVELS[level] > LEVELS.get(granted.get(name, ""), 0)] == []


def test_the_app_is_not_public() -> None:
    assert APP["public"] is False
