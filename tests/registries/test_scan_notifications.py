"""What scanners and builds tell: which images were scanned, and the reports that are posted."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.notifications import SENDERS, HookKind, UnreadableNotification, images, scan_report, scanned
from tests.registries.recorded_notifications import changed, host, payload, recorded

ALPINE = "harbor.example/harbor/alpine"
ONE = "sha256:954b378c375d852eb3c63ab88978f640b4348b01c1b3456a024a81536dafbbf4"
OTHER = "sha256:e802987f152d7826cf929ad4999fb3bb956ce7a30966aeb46c749f9120eaf22c"
AMAZONS = "sha256:7f5b2640fe6fb4f46592dfd3410c4a79dac4f89e4782432e0378abcd12340000"
ECR = "123456789012.dkr.ecr.us-west-2.amazonaws.com"
HOST = "registry.example"
API = f"{HOST}/team/api"
DIGEST = "sha256:" + "a" * 64

# For each recorded notification of a scan that is done: the images and digests that are judged again.
SCANS = {
    ("harbor", "scan"): [(ALPINE, ONE)],
    ("harbor", "scan_of_several"): [(ALPINE, ONE), (ALPINE, OTHER)],
    ("harbor", "cloud_event_scan"): [(ALPINE, ONE)],
    ("msr", "scan"): [("msr.example/foo/bar", "")],
    ("msr", "scan_without_name"): [("msr.example/foo/bar", "")],
    ("ecr", "scan"): [(f"{ECR}/my-repository-name", AMAZONS)],
    ("ecr", "enhanced_scan"): [(f"{ECR}/amazon/amazon-ecs-sample", AMAZONS)],
}
OTHERS = [
    (kind.value, name)
    for kind in HookKind
    if kind is not HookKind.GITLAB
    for name in recorded(kind)["payloads"]
    if (kind.value, name) not in SCANS
]

UNREADABLE: list[tuple[str, str, tuple[str | int, ...], Any]] = [
    ("harbor", "scan", ("event_data",), None),
    ("harbor", "scan", ("event_data", "repository", "repo_full_name"), "a b"),
    ("harbor", "cloud_event_scan", ("data",), []),
    ("msr", "scan", ("contents", "imageName"), "msr.example/a b"),
    ("msr", "scan_without_name", ("contents", "repository"), 5),
    ("ecr", "scan", ("account",), None),
    ("ecr", "scan", ("detail", "repository-name"), None),
]

# Where a notification tells its digest.
DIGESTS: dict[str, tuple[str | int, ...]] = {
    "harbor": ("event_data", "resources", 0, "digest"),
    "ecr": ("detail", "image-digest"),
}


def scans(kind: str, notification: dict[str, Any]) -> list[tuple[str, str]]:
    return [(image.name, digest) for image, digest in scanned(kind, notification, host(kind))]


class TestScansThatAreDone:
    @pytest.mark.parametrize(("kind", "name"), SCANS)
    def test_a_recorded_scan_names_image_and_digest(self, kind: str, name: str) -> None:
        assert scans(kind, payload(kind, name)) == SCANS[kind, name]

    @pytest.mark.parametrize(("kind", "name"), SCANS)
    def test_it_is_no_push(self, kind: str, name: str) -> None:
        assert images(kind, payload(kind, name), host(kind)) == ()

    @pytest.mark.parametrize(("kind", "name"), OTHERS)
    def test_pushes_failures_and_all_else_are_no_scans(self, kind: str, name: str) -> None:
        assert scans(kind, payload(kind, name)) == []

    @pytest.mark.parametrize("kind", DIGESTS)
    @pytest.mark.parametrize("told", [None, "", 5, "latest", "sha256:", f"sha512:{'0' * 128}", f"sha256:{'A' * 64}"])
    def test_without_a_digest_that_can_be_any_image_may_be_meant(self, kind: str, told: object) -> None:
        (found,) = scans(kind, changed(payload(kind, "scan"), DIGESTS[kind], told))
        assert found == (SCANS[kind, "scan"][0][0], "")

    @pytest.mark.parametrize("told", [None, [], {}, "x"])
    def test_without_resources_any_image_of_harbors_repository_may_be_meant(self, told: object) -> None:
        assert scans("harbor", changed(payload("harbor", "scan"), ("event_data", "resources"), told)) == [(ALPINE, "")]

    def test_what_is_told_twice_is_named_once(self) -> None:
        told = payload("harbor", "scan")
        resources = told["event_data"]["resources"] * 3
        assert scans("harbor", changed(told, ("event_data", "resources"), resources)) == [(ALPINE, ONE)]

    @pytest.mark.parametrize("case", range(len(UNREADABLE)))
    def test_what_is_not_as_documented_is_refused_with_a_reason(self, case: int) -> None:
        kind, name, path, value = UNREADABLE[case]
        with pytest.raises(UnreadableNotification, match=r"\w+ \w+ \w+"):
            scans(kind, changed(payload(kind, name), path, value))

    def test_amazons_inspector_is_read_in_every_partition(self) -> None:
        arn = "arn:aws-cn:ecr:cn-north-1:123456789012:repository/team/api"
        told = changed(payload("ecr", "enhanced_scan"), ("detail", "repository-name"), arn)
        assert scans("ecr", told) == [(f"{ECR}/team/api", AMAZONS)]

    def test_a_kind_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(UnreadableNotification, match="dockerhub, quay"):
            scanned("nosuch", {}, HOST)

    @pytest.mark.parametrize(
        ("kind", "event"),
        [("harbor", "Scanning finished"), ("msr", "Security scan completed"), ("ecr", "ECR Image Scan")],
    )
    def test_who_tells_of_scans_says_which_event_to_tick(self, kind: str, event: str) -> None:
        assert event in SENDERS[HookKind(kind)].where

    def test_these_tell_of_scans(self) -> None:
        assert {kind.value for kind in HookKind if SENDERS[kind].scans} == {"harbor", "msr", "ecr"}


def called(**fields: object) -> dict[str, Any]:
    """A call as it is documented; None leaves a field out."""
    usual = {"image": API, "digest": DIGEST, "report": {"matches": []}}
    return {name: value for name, value in (usual | fields).items() if value is not None}


class TestPostedReports:
    def test_a_call_names_image_and_digest_of_its_report(self) -> None:
        posted = scan_report(called(), HOST)
        assert (posted.image.name, posted.digest, json.loads(posted.content)) == (API, DIGEST, {"matches": []})

    @pytest.mark.parametrize("name", ["called", "trivy", "grype"])
    def test_a_scanners_own_report_says_what_it_is_about(self, name: str) -> None:
        posted = scan_report(payload("scan", name), HOST)
        assert (posted.image.name, posted.digest) == (API, DIGEST)

    @pytest.mark.parametrize("name", ["trivy", "grype"])
    def test_the_report_is_kept_as_it_is(self, name: str) -> None:
        assert json.loads(scan_report(payload("scan", name), HOST).content) == payload("scan", name)

    def test_a_call_keeps_its_report_alone(self) -> None:
        assert json.loads(scan_report(payload("scan", "called"), HOST).content) == payload("scan", "trivy")

    @pytest.mark.parametrize(
        "image", [f"{API}:1.2.3", f"{API}@{DIGEST}", f"{API}:1.2.3@{DIGEST}", f"{HOST}/Team/API", f"{API}:"]
    )
    def test_tag_digest_and_capitals_of_the_image_do_not_matter(self, image: str) -> None:
        assert scan_report(called(image=image), HOST).image.name == API

    def test_the_digest_may_stand_in_the_images_name(self) -> None:
        assert scan_report(called(image=f"{API}@{DIGEST}", digest=None), HOST).digest == DIGEST

    @pytest.mark.parametrize("left_out", ["image", "digest"])
    def test_what_the_call_leaves_out_is_read_from_the_report(self, left_out: str) -> None:
        posted = scan_report(called(report=payload("scan", "trivy"), **{left_out: None}), HOST)
        assert (posted.image.name, posted.digest) == (API, DIGEST)

    def test_the_call_comes_before_what_the_report_says(self) -> None:
        other = f"sha256:{'b' * 64}"
        told = called(image=f"{HOST}/team/web", digest=other, report=payload("scan", "trivy"))
        posted = scan_report(told, HOST)
        assert (posted.image.name, posted.digest) == (f"{HOST}/team/web", other)

    @pytest.mark.parametrize(
        ("told", "says"),
        [
            ({}, "does not say which one image"),
            ({"matches": []}, "does not say which one image"),
            (called(digest=None), "does not say which one image"),
            (called(image=None), "does not say which one image"),
            (called(image=5), "one image"),
            (called(image=[API]), "one image"),
            (called(image="a b"), "cannot be"),
            (called(digest="latest"), "sha256:"),
            (called(digest=5), "sha256:"),
            (called(digest=f"sha512:{'a' * 128}"), "sha256:"),
            (called(report="{}"), "in `report`"),
            (called(report=[]), "in `report`"),
        ],
    )
    def test_what_nobody_can_know_is_refused_with_a_reason(self, told: dict[str, Any], says: str) -> None:
        with pytest.raises(UnreadableNotification, match=says):
            scan_report(told, HOST)

    def test_a_report_that_is_too_deep_to_be_kept_is_refused(self) -> None:
        deep: list[Any] = []
        for _ in range(100_000):
            deep = [deep]
        with pytest.raises(UnreadableNotification, match="RecursionError"):
            scan_report(called(report={"x": deep}), HOST)

    @pytest.mark.parametrize(
        ("name", "path", "value", "media_type"),
        [
            ("trivy", ("CreatedAt",), None, "application/json; scanner=trivy; platform=linux/amd64"),
            ("grype", ("distro",), None, "application/json; scanner=grype; platform=linux/amd64"),
            ("trivy", ("Metadata", "ImageConfig", "architecture"), "arm64", "scanner=trivy; platform=linux/arm64"),
            ("trivy", ("Metadata", "ImageConfig", "variant"), "v2", "scanner=trivy; platform=linux/amd64/v2"),
            ("grype", ("source", "target", "architecture"), "s390x", "scanner=grype; platform=linux/s390x"),
            ("trivy", ("Metadata", "ImageConfig", "os"), "", "application/json; scanner=trivy"),
            ("trivy", ("Metadata", "ImageConfig", "os"), "a; b=c", "application/json; scanner=trivy"),
            ("trivy", ("Metadata", "ImageConfig"), None, "application/json; scanner=trivy"),
        ],
    )
    def test_reports_of_other_scanners_and_platforms_are_told_apart(
        self, name: str, path: tuple[str, ...], value: object, media_type: str
    ) -> None:
        report = changed(payload("scan", name), path, value)
        assert scan_report(called(report=report), HOST).media_type.endswith(media_type)

    def test_of_other_documents_no_more_is_known_than_that_they_are_json(self) -> None:
        assert scan_report(called(), HOST).media_type == "application/json"

    def test_the_report_does_not_fill_a_log(self) -> None:
        assert "matches" not in repr(scan_report(called(), HOST))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.dictionaries(st.sampled_from(["image", "digest", "report", "Metadata", "source", "SchemaVersion"]), JSON)


@given(told=FIELDS)
def test_whatever_is_posted_is_read_or_refused(told: dict[str, Any]) -> None:
    with suppress(UnreadableNotification):
        scan_report(told, HOST)


@given(
    kind=st.sampled_from(["harbor", "msr", "ecr"]),
    key=st.sampled_from(["event_data", "contents", "detail", "type"]),
    value=JSON,
)
def test_whatever_stands_in_a_scans_event_it_is_read_or_refused(kind: str, key: str, value: object) -> None:
    told = payload(kind, "scan")
    with suppress(UnreadableNotification):
        scanned(kind, {**told, key: value}, HOST)
