"""However long the reports of scanners are, no more of them is held than fits."""

import json

import pytest

from bot.registries import Registries, scanning
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.scanning import FoundReport, Scans
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.providers.amazon_parts import HOST, at, keys
from tests.registries.providers.conftest import DIGEST
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

ARTIFACT = f"/api/v2.0/projects/team/repositories/api/artifacts/{DIGEST}"


@pytest.fixture
def client(scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> Registries:
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(scripted.host).provider())
    return registries_for(scripted.host)


def test_the_next_report_may_have_what_the_others_left() -> None:
    held = FoundReport(DIGEST, "", bytes(scanning.LARGEST_REPORT - 1), "")
    assert Scans().room == scanning.LARGEST_REPORT
    assert Scans([held] * 4).room == scanning.LARGEST_REPORT
    assert Scans([held] * 5).room == 5


async def test_a_report_of_harbors_without_room_is_not_asked_for(
    client: Registries, scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "LARGEST_REPORTS", 0)
    scripted.on(ARTIFACT, Reply(body=recorded("harbor_scanned_artifact")))
    robot = credential(scripted.host, kind=ProviderKind.HARBOR)
    answer = await client.scan_reports(scripted.host, "team/api", [DIGEST], robot)
    assert answer.missing == (f"Harbor's report about {DIGEST} was not read: there are too many long ones",)
    assert scripted.paths() == [ARTIFACT]


@pytest.mark.parametrize(("room", "is_read"), [(-1, False), (0, True)])
async def test_findings_of_amazons_without_room_are_left_out(
    room: int, is_read: bool, client: Registries, scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = recorded("amazon_basic_findings")
    size = len(json.dumps(told["imageScanFindings"]["findings"]))
    monkeypatch.setattr(scanning, "LARGEST_REPORT", size + room)
    scripted.on("/", Reply(body=told))
    answer = await client.scan_reports(HOST, "team/app", [DIGEST], keys())
    assert bool(answer.reports) == is_read
    assert bool(answer.missing) != is_read
