"""The time that an image says of itself: read where it stands, believed where it can be."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries import ImageNotFound, InvalidAnswer
from bot.registries.creation import CREATED, annotated, built, parse_time
from tests.registries.conftest import RegistriesFor
from tests.registries.scripted import Reply, ScriptedServer

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
AMD64 = {"os": "linux", "architecture": "amd64"}

TIMES = [
    ("2026-01-04T00:05:09Z", datetime(2026, 1, 4, 0, 5, 9, tzinfo=UTC)),
    ("2026-01-04t00:05:09z", datetime(2026, 1, 4, 0, 5, 9, tzinfo=UTC)),
    ("2026-01-04 00:05:09Z", datetime(2026, 1, 4, 0, 5, 9, tzinfo=UTC)),
    ("2026-01-04T00:05:09.5Z", datetime(2026, 1, 4, 0, 5, 9, 500_000, tzinfo=UTC)),
    ("2026-01-04T00:05:09.123456789Z", datetime(2026, 1, 4, 0, 5, 9, 123_456, tzinfo=UTC)),
    ("2026-01-04T00:05:09+02:00", datetime(2026, 1, 3, 22, 5, 9, tzinfo=UTC)),
    ("1971-01-01T00:00:00Z", datetime(1971, 1, 1, tzinfo=UTC)),
    ("1970-12-31T23:59:59Z", None),
    ("1970-01-01T00:00:00Z", None),
    ("0001-01-01T00:00:00Z", None),
    ("0001-01-01T00:00:00+14:00", None),
    ("9999-12-31T23:59:59-14:00", None),
    ("2026-01-04", None),
    ("2026-01-04T00:05Z", None),
    ("2026-01-04T00:05:09", None),
    ("2026-W01-1T00:05:09Z", None),
    ("20260104T000509Z", None),
    ("2026-02-30T00:05:09Z", None),
    ("2026-01-04T00:05:09.Z", None),
    ("2026-01-04T00:05:09Z ", None),
    ("٢٠٢٦-٠١-٠٤T٠٠:٠٥:٠٩Z", None),  # noqa: RUF001 - digits that are none here
    ("2026-01-04T00:05:09." + "1" * 1000 + "Z", None),
    ("", None),
    (None, None),
    (1767485109, None),
    (["2026-01-04T00:05:09Z"], None),
]


@pytest.mark.parametrize(("text", "expected"), TIMES)
def test_a_time_is_one_by_rfc_3339_after_1970(text: object, expected: datetime | None) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(("hours", "is_told"), [(-1, True), (23, True), (24, True), (25, False), (24 * 365, False)])
def test_a_time_ahead_of_the_clock_is_none(hours: int, is_told: bool) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    text = (now + timedelta(hours=hours)).isoformat()
    for told in (annotated({"annotations": {CREATED: text}}, now), built({"created": text}, now)):
        assert (told is not None) is is_told


ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1971, 1, 2), datetime(9999, 12, 30), timezones=ZONES))  # noqa: DTZ001 - the zone is added
def test_every_time_that_is_written_is_read_back(time: datetime) -> None:
    assert parse_time(time.isoformat()) == time


@given(st.text(max_size=70))
def test_no_text_is_an_error(text: str) -> None:
    assert parse_time(text) is None or text.isascii()


def stored(server: ScriptedServer, kind: str, content: dict[str, Any], tag: str = "") -> dict[str, Any]:
    """Serve something by its digest (a manifest by its tag, too), and return what names it."""
    body = json.dumps(content).encode()
    digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
    place = "blobs" if kind == CONFIGURATION else "manifests"
    for reference in filter(None, (digest, tag)):
        headers = {"Content-Type": kind, "Docker-Content-Digest": digest}
        server.on(f"/v2/a/b/{place}/{reference}", Reply(200, body, headers))
    return {"mediaType": kind, "digest": digest, "size": len(body)}


def annotations(year: int | None) -> dict[str, Any]:
    return {"annotations": {CREATED: f"{year}-01-01T00:00:00Z"}} if year else {}


def an_image(
    server: ScriptedServer,
    tag: str = "",
    *,
    annotated: int | None = None,
    labelled: int | None = None,
    created: int | None = None,
) -> dict[str, Any]:
    configuration: dict[str, Any] = {**AMD64, "config": {"Labels": annotations(labelled).get("annotations")}}
    if created:
        configuration["created"] = f"{created}-01-01T00:00:00Z"
    named = stored(server, CONFIGURATION, configuration)
    return stored(server, MANIFEST, {"mediaType": MANIFEST, "config": named, **annotations(annotated)}, tag)


def an_index(server: ScriptedServer, children: list[dict[str, Any]], *, annotated: int | None = None) -> None:
    entries = [{"platform": AMD64, **child} for child in children]
    stored(server, INDEX, {"mediaType": INDEX, "manifests": entries, **annotations(annotated)}, "1.0")


async def test_a_child_from_the_future_does_not_hide_the_others(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    an_index(scripted, [an_image(scripted, created=2023), an_image(scripted, created=2027)])
    assert await year_of(scripted, registries_for) == 2023


async def year_of(server: ScriptedServer, registries_for: RegistriesFor) -> int | None:
    manifest = await registries_for(server.host).manifest(server.host, "a/b", "1.0", created=True)
    return manifest.created_at.year if manifest.created_at else None


@pytest.mark.parametrize(
    ("told", "year"),
    [
        ({"annotated": 2021, "labelled": 2022, "created": 2023}, 2021),
        ({"labelled": 2022, "created": 2023}, 2023),
        ({"labelled": 2024, "created": 2023}, 2024),
        ({"labelled": 2024}, 2024),
        ({"created": 2023}, 2023),
        ({"created": 1970}, None),
        ({"labelled": 2020, "created": 1970}, 2020),
        ({"annotated": 1970, "created": 2023}, 2023),
        ({"annotated": 2027, "created": 2023}, 2023),
        ({"labelled": 2027, "created": 2023}, 2023),
        ({"labelled": 2023, "created": 2099}, 2023),
        ({"created": 2027}, None),
        ({}, None),
    ],
)
async def test_of_an_image_the_annotation_counts_then_the_later_of_label_and_configuration(
    told: dict[str, int], year: int | None, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    an_image(scripted, "1.0", **told)
    assert await year_of(scripted, registries_for) == year


async def test_of_an_index_its_own_annotation_counts(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    an_index(scripted, [an_image(scripted, created=2024)], annotated=2021)
    assert await year_of(scripted, registries_for) == 2021
    assert [seen.method for seen in scripted.seen] == ["HEAD", "GET"]


async def test_of_an_index_without_one_its_newest_child_counts(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    children = [
        an_image(scripted, created=2021),
        an_image(scripted, annotated=2023, created=2025),
        an_image(scripted, labelled=2022),
    ]
    an_index(scripted, children)
    assert await year_of(scripted, registries_for) == 2023


async def test_an_attestation_does_not_make_an_index_newer(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    attestation = {**an_image(scripted, created=2025), "platform": {"os": "unknown", "architecture": "unknown"}}
    an_index(scripted, [an_image(scripted, created=2021), attestation])
    assert await year_of(scripted, registries_for) == 2021


async def test_of_many_children_the_first_sixteen_are_asked(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    an_index(scripted, [an_image(scripted, created=year) for year in range(2001, 2021)])
    assert await year_of(scripted, registries_for) == 2016


async def test_a_child_that_is_missing_is_passed_over_and_looked_for_again(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    late = an_image(scripted, created=2024)
    an_index(scripted, [an_image(scripted, created=2021), late])
    path = f"/v2/a/b/manifests/{late['digest']}"
    scripted.on(path, Reply(404))
    registries = registries_for(scripted.host)
    found = []
    for _ in range(2):
        manifest = await registries.manifest(scripted.host, "a/b", "1.0", created=True)
        found.append(manifest.created_at and manifest.created_at.year)
        an_image(scripted, created=2024)
    assert found == [2021, 2024]


async def test_an_answer_that_breaks_the_protocol_is_not_taken_for_a_missing_child(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    child = an_image(scripted, created=2024)
    an_index(scripted, [child])
    scripted.on(f"/v2/a/b/manifests/{child['digest']}", Reply(200, "<html>Please log in</html>"))
    with pytest.raises(InvalidAnswer):
        await year_of(scripted, registries_for)


@pytest.mark.parametrize(
    "configuration",
    [{"config": 7}, {"config": {"Labels": 7}}, {"config": None}, {"created": {}}, {"config": {"Labels": {CREATED: 7}}}],
)
async def test_what_is_no_time_is_none(
    configuration: dict[str, Any], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    named = stored(scripted, CONFIGURATION, {**AMD64, **configuration})
    stored(scripted, MANIFEST, {"mediaType": MANIFEST, "config": named, "annotations": [CREATED]}, "1.0")
    assert await year_of(scripted, registries_for) is None


async def test_nobody_who_did_not_ask_for_the_time_pays_for_it_or_gets_it(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    an_index(scripted, [an_image(scripted, created=2021)])
    registries = registries_for(scripted.host)
    await registries.manifest(scripted.host, "a/b", "1.0")
    assert [seen.method for seen in scripted.seen] == ["HEAD", "GET"]
    assert (await registries.manifest(scripted.host, "a/b", "1.0", created=True)).created_at
    assert (await registries.manifest(scripted.host, "a/b", "1.0")).created_at is None


async def test_the_time_of_a_digest_is_read_once(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    an_index(scripted, [an_image(scripted, created=2021)])
    registries = registries_for(scripted.host)
    for _ in range(3):
        await registries.manifest(scripted.host, "a/b", "1.0", created=True)
    assert [seen.method for seen in scripted.seen] == ["HEAD", "GET", "GET", "GET", "HEAD", "HEAD"]


async def test_an_image_costs_no_request_more_for_its_time(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    an_image(scripted, "1.0", created=2021)
    assert await year_of(scripted, registries_for) == 2021
    assert [seen.method for seen in scripted.seen] == ["HEAD", "GET", "GET"]


async def test_a_tag_that_is_not_there_has_no_time(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    with pytest.raises(ImageNotFound):
        await year_of(scripted, registries_for)
