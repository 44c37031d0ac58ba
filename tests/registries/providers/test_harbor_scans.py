"""What Harbor's scanner found, and how its scans stand: recorded shapes."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.images import InvalidImageReference
from bot.registries import ANONYMOUS, FoundReport, InvalidAnswer, Registries, RegistryUnavailable, ScanAnswer
from bot.registries.kinds import ProviderKind
from bot.registries.providers.harbor_scans import REPORTS
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.providers.conftest import DIGEST
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

OTHER = f"sha256:{'b' * 64}"
ARTIFACTS = "/api/v2.0/projects/team/repositories/api/artifacts"
REPORT = f"{ARTIFACTS}/{DIGEST}/additions/vulnerabilities"

Scan = Callable[..., Awaitable[ScanAnswer]]


@pytest.fixture
def registries(scripted: ScriptedServer, registries_for: RegistriesFor) -> Registries:
    return registries_for(scripted.host)


@pytest.fixture
def scan(scripted: ScriptedServer, registries: Registries) -> Scan:
    """Ask for the scans of images of team/api, as Harbor's robot."""

    async def scan(*digests: str, repository: str = "team/api", **options: Any) -> ScanAnswer:
        robot = {"kind": ProviderKind.HARBOR, "username": "robot$team+ci", "secret": "s"} | options
        return await registries.scan_reports(
            scripted.host, repository, digests or [DIGEST], credential(scripted.host, **robot)
        )

    return scan


def artifact(status: object = "Success", media_type: str = REPORTS[0], **overview: Any) -> Reply:
    return Reply(body={"digest": DIGEST, "scan_overview": {media_type: {"scan_status": status} | overview}})


async def test_a_report_comes_as_harbor_answers_it(scan: Scan, scripted: ScriptedServer) -> None:
    content = json.dumps(recorded("harbor_vulnerabilities")).encode()
    scripted.on(f"{ARTIFACTS}/{DIGEST}", Reply(body=recorded("harbor_scanned_artifact")))
    scripted.on(REPORT, Reply(200, content))
    report = FoundReport(DIGEST, REPORTS[0], content, "Harbor's scanner Trivy v0.51.2")
    assert await scan() == ScanAnswer((report,))


async def test_harbor_is_asked_with_the_registrys_credential_for_both_forms(
    scan: Scan, scripted: ScriptedServer
) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", Reply(body=recorded("harbor_scanned_artifact")))
    scripted.on(REPORT, Reply(body=recorded("harbor_vulnerabilities")))
    await scan()
    assert [seen.target for seen in scripted.seen] == [f"{ARTIFACTS}/{DIGEST}?with_scan_overview=true", REPORT]
    assert {seen.headers["Authorization"] for seen in scripted.seen} == {"Basic cm9ib3QkdGVhbStjaTpz"}
    assert {seen.headers["X-Accept-Vulnerabilities"] for seen in scripted.seen} == {", ".join(REPORTS)}


async def test_an_older_harbors_report_has_the_older_form(scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact(media_type=REPORTS[1]))
    scripted.on(REPORT, Reply(body={REPORTS[1]: {"vulnerabilities": []}}))
    assert [(report.media_type, report.place) for report in (await scan()).reports] == [
        (REPORTS[1], "Harbor's scanner")
    ]


@pytest.mark.parametrize("status", ["Pending", "Running", "Scheduled"])
async def test_a_scan_that_goes_on_is_to_be_waited_for(status: str, scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact(status))
    assert await scan() == ScanAnswer(pending=(f"Harbor is scanning {DIGEST}",))


@pytest.mark.parametrize("status", ["Error", "Stopped", "", None, 7, ["Success"], "success"])
async def test_a_scan_that_came_to_no_end_has_no_report(status: object, scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact(status))
    assert await scan() == ScanAnswer(missing=(f"Harbor's scan of {DIGEST} came to no end: begin it again",))
    assert REPORT not in scripted.paths()


@pytest.mark.parametrize("overview", [None, {}, [], "x", {"other": {}}, {REPORTS[0]: None}, {REPORTS[0]: {}}])
async def test_an_image_that_was_not_scanned_has_no_report(
    overview: object, scan: Scan, scripted: ScriptedServer
) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", Reply(body={"digest": DIGEST, "scan_overview": overview}))
    [missing] = (await scan()).missing
    assert missing.startswith(f"Harbor has not scanned {DIGEST}: ")


async def test_each_digest_is_asked_about_once(scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact("Running"))
    scripted.on(f"{ARTIFACTS}/{OTHER}", artifact("Pending"))
    answer = await scan(DIGEST, OTHER, DIGEST)
    assert answer.pending == (f"Harbor is scanning {DIGEST}", f"Harbor is scanning {OTHER}")


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("path", [f"{ARTIFACTS}/{DIGEST}", REPORT])
async def test_a_robot_without_the_right_is_told_what_to_do(
    path: str, status: int, scan: Scan, scripted: ScriptedServer
) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact())
    scripted.on(path, Reply(status, recorded("harbor_refused")))
    answer = await scan(DIGEST, OTHER)
    assert (answer.reports, answer.pending) == ((), ())
    [missing] = answer.missing
    assert missing.startswith("Harbor does not let this credential read what its scanner found: ")


async def test_an_image_that_harbors_api_does_not_know_has_no_report(scan: Scan) -> None:
    assert (await scan()).missing == (f"Harbor's API knows no {DIGEST} in this repository",)


async def test_a_name_without_a_project_is_not_asked_about(scan: Scan, scripted: ScriptedServer) -> None:
    assert len((await scan(repository="api")).missing) == 1
    assert scripted.seen == []


async def test_a_slash_in_a_repositorys_name_is_written_twice_encoded(scan: Scan, scripted: ScriptedServer) -> None:
    await scan(repository="team/deep/api")
    path = f"/api/v2.0/projects/team/repositories/deep%252Fapi/artifacts/{DIGEST}"
    assert scripted.seen[0].target == f"{path}?with_scan_overview=true"


@pytest.mark.parametrize("body", ["{}", "", "[]", '{"text/html": {}}', "<html>", b"\xff" * 500])
async def test_a_report_in_no_known_form_is_none(body: Any, scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact())
    scripted.on(REPORT, Reply(200, body))
    answer = await scan()
    assert answer.reports == ()
    assert answer.missing == (f"Harbor has scanned {DIGEST} but has no report of it in a form that is known here",)


@pytest.mark.parametrize(
    "body", ["<html>", "[]", "null", "[" * 100_000, "[" + "1," * 60_000 + "1]", b" " * 2**21 + b"{}"]
)
async def test_an_artifact_that_is_none_is_an_invalid_answer(body: Any, scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", Reply(200, body))
    with pytest.raises(InvalidAnswer):
        await scan()


async def test_a_harbor_that_does_not_answer_is_no_harbor_without_reports(scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", Reply(502))
    with pytest.raises(RegistryUnavailable):
        await scan()


@pytest.mark.parametrize(
    "scanner",
    [None, [], {}, {"name": 1}, {"name": "<b>x</b>"}, {"name": "x" * 61}, {"name": "a\nb", "version": "\x1b[0m"}],
)
async def test_a_scanner_of_a_strange_name_is_not_named(scanner: Any, scan: Scan, scripted: ScriptedServer) -> None:
    scripted.on(f"{ARTIFACTS}/{DIGEST}", artifact(scanner=scanner))
    scripted.on(REPORT, Reply(body=recorded("harbor_vulnerabilities")))
    assert [report.place for report in (await scan()).reports] == ["Harbor's scanner"]


async def test_nobody_in_particular_is_told_nothing(registries: Registries, scripted: ScriptedServer) -> None:
    answer = await registries.scan_reports(scripted.host, "team/api", [DIGEST], ANONYMOUS)
    assert answer == ScanAnswer(is_scanner=False)
    assert scripted.seen == []


async def test_a_registry_without_a_scanner_is_none(scan: Scan, scripted: ScriptedServer) -> None:
    assert await scan(kind=ProviderKind.ZOT) == ScanAnswer(is_scanner=False)
    assert scripted.seen == []


@pytest.mark.parametrize("digests", [["1.0"], [""], ["../x"], [f"sha256:{number:064}" for number in range(401)]])
async def test_only_as_many_digests_as_an_index_has_are_asked_about(
    digests: list[str], scan: Scan, scripted: ScriptedServer
) -> None:
    with pytest.raises(InvalidImageReference):
        await scan(*digests)
    assert scripted.seen == []
