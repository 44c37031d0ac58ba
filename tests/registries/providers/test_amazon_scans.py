"""What Amazon's scans found, in the shapes of DescribeImageScanFindings (Amazon ECR API Reference)."""

import json
from typing import Any

import pytest

from bot.registries import InvalidAnswer, Registries, RegistryRefused, RegistryUnavailable, ScanAnswer
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.providers.amazon_scans import FINDINGS_TYPE
from tests.registries.conftest import Clock, RegistriesFor
from tests.registries.providers.amazon_parts import ACCOUNT, HOST, PUBLIC, Questions, at, keys, refusal
from tests.registries.providers.conftest import DIGEST
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

OTHER = f"sha256:{'b' * 64}"


@pytest.fixture
def client(scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> Registries:
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(scripted.host).provider())
    return registries_for(scripted.host)


async def scan(client: Registries, *digests: str, access: Access | None = None, host: str = HOST) -> ScanAnswer:
    return await client.scan_reports(host, "team/app", digests or [DIGEST], access or keys(host=host))


def findings(status: Any = "COMPLETE", *names: str, following: Any = None, **fields: Any) -> Reply:
    found = {"imageScanCompletedAt": 1718092965.0, "findings": [{"name": name} for name in names]}
    told = {"imageScanStatus": {"status": status}, "imageScanFindings": found} | fields
    return Reply(body=told | ({"nextToken": following} if following is not None else {}))


@pytest.mark.parametrize(
    ("name", "place"),
    [("amazon_basic_findings", "Amazon ECR's scan"), ("amazon_enhanced_findings", "Amazon Inspector's scan")],
)
async def test_findings_come_as_amazon_answers_them(
    name: str, place: str, client: Registries, scripted: ScriptedServer, clock: Clock
) -> None:
    scripted.on("/", Reply(body=recorded(name)))
    answer = await scan(client)
    [report] = answer.reports
    assert (report.subject, report.media_type, report.place) == (DIGEST, FINDINGS_TYPE, place)
    assert json.loads(report.content) == {**recorded(name), "readAt": clock.now.timestamp()}
    assert (answer.pending, answer.missing, answer.is_scanner) == ((), (), True)


async def test_amazon_is_asked_about_the_digest_in_the_registrys_account(
    client: Registries, scripted: ScriptedServer
) -> None:
    asked = Questions(findings())
    scripted.on("/", asked)
    await scan(client)
    question = {
        "registryId": ACCOUNT,
        "repositoryName": "team/app",
        "imageId": {"imageDigest": DIGEST},
        "maxResults": 500,
    }
    assert asked.bodies == [question]
    assert asked.headers[0]["X-Amz-Target"] == "AmazonEC2ContainerRegistry_V20150921.DescribeImageScanFindings"


async def test_the_findings_of_all_pages_are_one_report(client: Registries, scripted: ScriptedServer) -> None:
    asked = Questions(
        findings("COMPLETE", "a", "b", following="1"),
        findings("COMPLETE", "c", following="2"),
        findings("COMPLETE", "d"),
    )
    scripted.on("/", asked)
    [report] = (await scan(client)).reports
    told = json.loads(report.content)
    assert [finding["name"] for finding in told["imageScanFindings"]["findings"]] == ["a", "b", "c", "d"]
    assert "nextToken" not in told
    assert [body.get("nextToken") for body in asked.bodies] == [None, "1", "2"]


@pytest.mark.parametrize("status", ["IN_PROGRESS", "PENDING"])
async def test_a_scan_that_goes_on_is_to_be_waited_for(
    status: str, client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", Reply(body={"imageScanStatus": {"status": status}}))
    assert await scan(client) == ScanAnswer(pending=(f"Amazon is scanning {DIGEST}",))


@pytest.mark.parametrize("status", ["ACTIVE", "COMPLETE"])
@pytest.mark.parametrize("told", [None, {}, {"findings": []}, {"enhancedFindings": []}, {"imageScanCompletedAt": None}])
async def test_a_scan_of_which_nothing_is_told_is_to_be_waited_for(
    told: Any, status: str, client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", findings(status, imageScanFindings=told))
    answer = await scan(client)
    [pending] = answer.pending
    assert pending.startswith(f"Amazon tells nothing yet of its scan of {DIGEST}: if that stays so, ")
    assert (answer.reports, answer.missing) == ((), ())


@pytest.mark.parametrize("told", [{"imageScanCompletedAt": 1718092965.0}, {"enhancedFindings": [{"score": 1}]}])
async def test_a_scan_that_found_nothing_or_tells_no_time_has_a_report(
    told: Any, client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", findings("ACTIVE", imageScanFindings=told))
    answer = await scan(client)
    assert ([report.place for report in answer.reports], answer.pending) == (["Amazon Inspector's scan"], ())


async def test_what_amazon_itself_calls_the_time_of_reading_counts_for_nothing(
    client: Registries, scripted: ScriptedServer, clock: Clock
) -> None:
    scripted.on("/", findings("ACTIVE", readAt=1.0))
    [report] = (await scan(client)).reports
    assert json.loads(report.content)["readAt"] == clock.now.timestamp()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("FAILED", " (FAILED)"),
        ("UNSUPPORTED_IMAGE", " (UNSUPPORTED_IMAGE)"),
        ("SCAN_ELIGIBILITY_EXPIRED", " (SCAN_ELIGIBILITY_EXPIRED)"),
        ("FINDINGS_UNAVAILABLE", " (FINDINGS_UNAVAILABLE)"),
        ("<b>evil</b>", ""),
        (None, ""),
        (["COMPLETE"], ""),
    ],
)
async def test_a_scan_that_came_to_no_end_has_no_report(
    status: Any, code: str, client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", findings(status))
    assert await scan(client) == ScanAnswer(missing=(f"Amazon's scan of {DIGEST} has no findings{code}",))


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        ("ScanNotFoundException", f"Amazon has not scanned {DIGEST}: "),
        ("UnsupportedImageTypeException", f"Amazon has not scanned {DIGEST}: "),
        ("ImageNotFoundException", f"Amazon's API knows no {DIGEST}"),
        ("RepositoryNotFoundException", f"Amazon's API knows no {DIGEST}"),
        ("AccessDeniedException", "Amazon does not let this key read scans: give it ecr:DescribeImageScanFindings"),
    ],
)
async def test_a_refusal_says_why_there_is_no_report(
    code: str, begins: str, client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", refusal(code))
    answer = await scan(client)
    [missing] = answer.missing
    assert missing.startswith(begins)
    assert (answer.reports, answer.pending) == ((), ())


async def test_a_digest_that_was_not_scanned_does_not_hide_another(
    client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", refusal("ScanNotFoundException"), findings())
    answer = await scan(client, OTHER, DIGEST)
    assert [report.subject for report in answer.reports] == [DIGEST]
    assert len(answer.missing) == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (refusal("UnrecognizedClientException"), RegistryRefused),
        (refusal("ThrottlingException"), RegistryUnavailable),
        (Reply(500), RegistryUnavailable),
        (refusal("ValidationException"), InvalidAnswer),
        (Reply(200, "<html>"), InvalidAnswer),
        (findings(following=""), InvalidAnswer),
        (findings(following=7), InvalidAnswer),
        (findings(following="x" * 20_000), InvalidAnswer),
        (findings(following="again"), InvalidAnswer),
        (Reply(200, b" " * (8 * 1024 * 1024 + 1)), InvalidAnswer),
    ],
)
async def test_an_odd_answer_is_a_typed_error(
    reply: Reply, error: type[Exception], client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", reply)
    with pytest.raises(error):
        await scan(client)


async def test_a_scan_that_begins_while_its_findings_are_read_is_asked_about_later(
    client: Registries, scripted: ScriptedServer
) -> None:
    scripted.on("/", findings("COMPLETE", "a", following="1"), findings("IN_PROGRESS"))
    with pytest.raises(RegistryUnavailable, match="began another scan"):
        await scan(client)


@pytest.mark.parametrize("lists", [None, 7, {"a": 1}, "x"])
async def test_findings_that_are_no_list_are_not_put_together(
    lists: Any, client: Registries, scripted: ScriptedServer
) -> None:
    told = {"imageScanCompletedAt": 1718092965.0, "findings": lists}
    scripted.on("/", findings(imageScanFindings=told))
    [report] = (await scan(client)).reports
    assert json.loads(report.content)["imageScanFindings"] == told


async def test_the_public_registry_has_no_scanner(client: Registries, scripted: ScriptedServer) -> None:
    assert await scan(client, host=PUBLIC) == ScanAnswer(is_scanner=False)
    assert scripted.seen == []


async def test_nobody_in_particular_and_a_ready_password_are_told_nothing(
    client: Registries, scripted: ScriptedServer
) -> None:
    assert await client.scan_reports(HOST, "team/app", [DIGEST], ANONYMOUS) == ScanAnswer(is_scanner=False)
    [missing] = (await scan(client, access=keys("eyJ-ready", "AWS"))).missing
    assert "only to a key" in missing
    assert scripted.seen == []
