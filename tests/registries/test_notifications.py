"""What each registry's notification is read as: the images it names, nothing for the rest, a reason when unreadable."""

import base64
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.notifications import SENDERS, HookKind, Proof, UnreadableNotification, images
from tests.registries.recorded_notifications import changed, host, payload, recorded

# For each recorded notification that adds an image: the names that are looked at.
PUSHES = {
    ("dockerhub", "push"): ["docker.io/svendowideit/testhook"],
    ("quay", "push"): ["quay.io/mynamespace/repository"],
    ("quay", "old_push"): ["quay.io/mynamespace/repository"],
    ("harbor", "push"): ["harbor.example/harbor/alpine"],
    ("harbor", "several"): ["harbor.example/harbor/alpine"],
    ("harbor", "digest"): ["harbor.example/harbor/alpine"],
    ("harbor", "cloud_event"): ["harbor.example/harbor/alpine"],
    ("acr", "push"): ["myregistry.azurecr.io/hello-world"],
    ("gar", "push"): ["us-east1-docker.pkg.dev/my-project/my-repo/hello-world"],
    ("gar", "digest"): ["us-east1-docker.pkg.dev/my-project/my-repo/hello-world"],
    ("gar", "unwrapped"): ["us-east1-docker.pkg.dev/my-project/my-repo/hello-world"],
    ("ecr", "push"): ["123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repository-name"],
    ("ecr", "digest"): ["123456789012.dkr.ecr.us-west-2.amazonaws.com/my-repository-name"],
    ("ecr", "replication"): ["123456789012.dkr.ecr.us-west-2.amazonaws.com/docker-hub/alpine"],
    ("ecr", "pull_through"): ["123456789012.dkr.ecr.us-west-2.amazonaws.com/docker-hub/alpine"],
    ("nexus", "push"): ["nexus.example:8082/team/api", "nexus.example:8082/docker-hosted/team/api"],
    ("nexus", "pushed_again"): ["nexus.example:8082/team/api", "nexus.example:8082/docker-hosted/team/api"],
    ("nexus", "asset"): ["nexus.example:8082/team/api", "nexus.example:8082/docker-hosted/team/api"],
    ("jfrog", "push"): ["acme.jfrog.io/test-repo/foo/bar/busybox", "test-repo.acme.jfrog.io/foo/bar/busybox"],
    ("jfrog", "promoted"): ["acme.jfrog.io/test-repo/foo/bar/busybox", "test-repo.acme.jfrog.io/foo/bar/busybox"],
    ("jfrog", "without_origin"): ["acme.jfrog.io/test-repo/foo/bar/busybox", "acme.jfrog.io/foo/bar/busybox"],
    ("jfrog", "old_push"): ["acme.jfrog.io/docker-remote-cache/library/ubuntu", "acme.jfrog.io/library/ubuntu"],
    ("gitlab", "push"): ["192.168.100.227:5000/hello-world"],
    ("distribution", "push"): ["192.168.100.227:5000/hello-world"],
    ("distribution", "several"): ["192.168.100.227:5000/hello-world", "192.168.100.227:5000/team/api"],
    ("distribution", "digest"): ["192.168.100.227:5000/hello-world"],
    ("distribution", "without_host"): ["192.168.100.227:5000/hello-world"],
    ("zot", "push"): ["zot.example/space/my-image"],
    ("zot", "binary"): ["zot.example/space/my-image"],
    ("zot", "prefixed"): ["zot.example/space/my-image"],
    ("zot", "digest"): ["zot.example/space/my-image"],
    ("msr", "push"): ["msr.example/foo/bar"],
    ("msr", "without_name"): ["msr.example/foo/bar"],
    ("msr", "digest"): ["msr.example/foo/bar"],
    ("generic", "push"): ["registry.example/team/api"],
    ("generic", "several"): ["registry.example/team/api", "registry.example/team/web"],
    ("generic", "digest"): ["registry.example/team/api"],
    ("cloudevents", "push"): ["registry.example/team/api"],
    ("cloudevents", "several"): ["registry.example/team/api", "registry.example/team/web"],
    ("cloudevents", "digest"): ["registry.example/team/api"],
    ("cloudevents", "binary"): ["registry.example/team/api"],
}

# Recorded notifications that tell of no new image: deletions, scans, charts, layers, builds, pings.
OTHERS = [
    ("quay", "build_queued"),
    ("harbor", "delete"),
    ("harbor", "cloud_event_delete"),
    ("harbor", "scan"),
    ("harbor", "scan_of_several"),
    ("harbor", "scan_failed"),
    ("harbor", "scan_stopped"),
    ("harbor", "cloud_event_scan"),
    ("harbor", "cloud_event_scan_failed"),
    ("harbor", "chart"),
    ("acr", "delete"),
    ("acr", "chart_push"),
    ("acr", "chart_delete"),
    ("acr", "quarantine"),
    ("acr", "ping"),
    ("gar", "delete"),
    ("ecr", "delete"),
    ("ecr", "failed"),
    ("ecr", "scan"),
    ("ecr", "scan_failed"),
    ("ecr", "enhanced_scan"),
    ("ecr", "enhanced_finding"),
    ("nexus", "delete"),
    ("nexus", "chart"),
    ("nexus", "layer"),
    ("jfrog", "delete"),
    ("jfrog", "chart"),
    ("distribution", "layer"),
    ("distribution", "delete"),
    ("distribution", "pull"),
    ("distribution", "empty"),
    ("zot", "delete"),
    ("zot", "scan"),
    ("zot", "created"),
    ("msr", "delete"),
    ("msr", "scan"),
    ("msr", "scan_without_name"),
    ("msr", "scan_failed"),
    ("msr", "chart"),
    ("generic", "delete"),
    ("generic", "chart"),
    ("cloudevents", "delete"),
    ("scan", "called"),
    ("scan", "trivy"),
    ("scan", "grype"),
]

# Where a sender's push holds its tags: none of them, an empty one, and a digest in a tag's place are still a push.
TAGS: dict[str, tuple[tuple[str | int, ...], list[Any]]] = {
    "dockerhub": (("push_data", "tag"), ["", None, "sha256:" + "0" * 64]),
    "quay": (("updated_tags",), [[], [""], ["a", "b"], {}, None]),
    "harbor": (("event_data", "resources"), [[], [{"tag": ""}], [{"tag": "a"}, {"tag": "b"}], None]),
    "acr": (("target", "tag"), ["", None, "sha256:" + "0" * 64]),
    "ecr": (("detail", "image-tag"), ["", None]),
    "nexus": (("component", "version"), ["", None, "sha256:" + "0" * 64]),
    "jfrog": (("data", "tag"), ["", None, "sha256:" + "0" * 64]),
    "gitlab": (("events", 0, "target", "tag"), ["", None]),
    "distribution": (("events", 0, "target", "tag"), ["", None]),
    "zot": (("data", "reference"), ["", None, "sha256:" + "0" * 64]),
    "msr": (("contents", "tag"), ["", None]),
    "generic": (("tag",), ["", None, ["a", "b"]]),
    "cloudevents": (("data", "tag"), ["", None, ["a", "b"]]),
}

# Where a sender's push holds the image's name, and that name with capitals.
CAPITALS: dict[str, tuple[tuple[str | int, ...], str]] = {
    "dockerhub": (("repository", "repo_name"), "SvenDowideit/testhook"),
    "quay": (("docker_url",), "quay.io/MyNamespace/repository"),
    "harbor": (("event_data", "repository", "repo_full_name"), "Harbor/alpine"),
    "acr": (("target", "repository"), "Hello-World"),
    "ecr": (("detail", "repository-name"), "My-Repository-Name"),
    "nexus": (("component", "name"), "Team/api"),
    "jfrog": (("data", "path"), "Foo/bar/busybox/latest/manifest.json"),
    "gitlab": (("events", 0, "target", "repository"), "Hello-World"),
    "distribution": (("events", 0, "target", "repository"), "Hello-World"),
    "zot": (("data", "name"), "Space/my-image"),
    "msr": (("contents", "imageName"), "msr.example/Foo/bar:1.2.3"),
    "generic": (("image",), "registry.example/Team/api"),
    "cloudevents": (("data", "image"), "Registry.Example/team/api"),
}

UNREADABLE: dict[str, list[tuple[tuple[str | int, ...], Any]]] = {
    "dockerhub": [(("repository",), 5), (("repository", "repo_name"), None), (("repository", "repo_name"), "../etc")],
    "quay": [(("docker_url",), ["quay.io/a/b"]), (("docker_url",), "https://quay.io/a/b")],
    "harbor": [(("type",), None), (("event_data",), []), (("event_data", "repository"), "harbor/alpine")],
    "acr": [(("action",), None), (("target",), None), (("target", "repository"), "a b")],
    "gar": [
        (("message",), None),
        (("message", "data"), "%%%"),
        (("message", "data"), "W10="),
        (("message", "data"), ""),
    ],
    "ecr": [(("detail-type",), 1), (("account",), None), (("detail", "repository-name"), None)],
    "nexus": [(("action",), None), (("repositoryName",), None), (("component",), "team/api")],
    "jfrog": [(("data",), None), (("data", "repo_key"), None), (("jpd_origin",), "https://[")],
    "gitlab": [(("events",), None)],
    "distribution": [(("events",), {}), (("events",), ["push"]), (("events", 0, "target", "repository"), None)],
    "zot": [(("type",), None), (("data",), "{}"), (("data", "name"), 7)],
    "msr": [(("type",), None), (("contents", "imageName"), "msr.example/a b")],
    "generic": [(("image",), None), (("image",), []), (("image",), ["registry.example/a", 5])],
    "cloudevents": [(("type",), None), (("data",), None), (("data", "image"), {})],
}


def names(kind: str, notification: dict[str, Any]) -> list[str]:
    return [image.name for image in images(kind, notification, host(kind))]


@pytest.mark.parametrize(("kind", "name"), PUSHES)
def test_a_recorded_push_names_its_images(kind: str, name: str) -> None:
    assert names(kind, payload(kind, name)) == PUSHES[kind, name]


@pytest.mark.parametrize(("kind", "name"), OTHERS)
def test_what_is_no_push_names_none(kind: str, name: str) -> None:
    assert names(kind, payload(kind, name)) == []


def test_every_recorded_notification_is_in_one_of_the_tables() -> None:
    on_file = {
        (kind.value, name) for kind in HookKind if kind is not HookKind.GITLAB for name in recorded(kind)["payloads"]
    }
    assert on_file == {*PUSHES, *OTHERS} - {("gitlab", "push")}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, (_, values) in TAGS.items() for value in values])
def test_its_tags_do_not_matter(kind: str, value: object) -> None:
    assert names(kind, changed(payload(kind), TAGS[kind][0], value)) == PUSHES[kind, "push"]


@pytest.mark.parametrize("kind", CAPITALS)
def test_capitals_are_lowered(kind: str) -> None:
    assert names(kind, changed(payload(kind), *CAPITALS[kind])) == PUSHES[kind, "push"]


def pushed_to_google(**event: str) -> dict[str, Any]:
    return {"message": {"data": base64.b64encode(json.dumps(event).encode()).decode()}}


@pytest.mark.parametrize(
    "event",
    [
        {"tag": "us-east1-docker.pkg.dev/my-project/my-repo/hello-world:"},
        {"tag": "", "digest": "us-east1-docker.pkg.dev/my-project/my-repo/hello-world@sha256:0"},
        {"tag": "us-east1-docker.pkg.dev/My-Project/my-repo/hello-world:1.1"},
    ],
)
def test_google_writes_whole_references(event: dict[str, str]) -> None:
    assert names("gar", pushed_to_google(action="INSERT", **event)) == PUSHES["gar", "push"]


@pytest.mark.parametrize(
    ("kind", "case"), [(kind, case) for kind, cases in UNREADABLE.items() for case in range(len(cases))]
)
def test_what_is_not_as_documented_is_refused_with_a_reason(kind: str, case: int) -> None:
    with pytest.raises(UnreadableNotification, match=r"\w+ \w+ \w+"):
        names(kind, changed(payload(kind), *UNREADABLE[kind][case]))


@pytest.mark.parametrize("kind", HookKind)
def test_an_empty_object_is_refused(kind: HookKind) -> None:
    with pytest.raises(UnreadableNotification):
        names(kind, {})


def test_deep_nesting_inside_base64_is_refused() -> None:
    bomb = base64.b64encode(b"[" * 200_000).decode()
    with pytest.raises(UnreadableNotification, match="RecursionError"):
        names("gar", {"message": {"data": bomb}})


def test_a_kind_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnreadableNotification, match="dockerhub, quay"):
        images("nosuch", {}, "docker.io")


def test_one_impossible_name_does_not_hide_the_others() -> None:
    assert names("generic", {"image": ["a b", "registry.example/team/api", "../x"]}) == ["registry.example/team/api"]


@pytest.mark.parametrize(
    "registry",
    [
        "123456789012.dkr.ecr.us-west-2.amazonaws.com",
        "123456789012.dkr.ecr-fips.us-west-2.amazonaws.com",
        "123456789012.dkr-ecr.us-west-2.on.aws",
        "123456789012.dkr.ecr.us-west-2.amazonaws.com.cn",
    ],
)
def test_amazons_event_means_whichever_of_its_hosts_the_hook_is_for(registry: str) -> None:
    (image,) = images("ecr", payload("ecr"), registry)
    assert image.host == registry


@pytest.mark.parametrize(
    "registry",
    ["999999999999.dkr.ecr.us-west-2.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com", "ghcr.io"],
)
def test_an_event_of_another_account_or_region_is_not_the_hooks(registry: str) -> None:
    (image,) = images("ecr", payload("ecr"), registry)
    assert image.host == host("ecr")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("team/api/1.0/manifest.json", "team/api"),
        ("1.0/manifest.json", "fallback"),
        ("x.txt", "fallback"),
        (None, "fallback"),
    ],
)
def test_jfrogs_path_is_preferred_to_the_images_name(path: object, name: str) -> None:
    pushed = changed(changed(payload("jfrog"), ("data", "path"), path), ("data", "image_name"), "fallback")
    assert names("jfrog", pushed)[0] == f"acme.jfrog.io/test-repo/{name}"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["push", "INSERT", "pushed"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in steps for found in [(*path, key), *_paths(inner, (*path, key))]]


@given(data=st.data(), kind=st.sampled_from(list(HookKind)), value=JSON)
def test_whatever_stands_anywhere_it_is_read_or_refused(data: st.DataObject, kind: HookKind, value: object) -> None:
    pushed = payload(kind)
    path = data.draw(st.sampled_from(_paths(pushed)))
    with suppress(UnreadableNotification):
        assert all(len(name) <= 500 for name in names(kind, changed(pushed, path, value)))


def test_every_kind_is_in_the_table() -> None:
    assert set(SENDERS) == set(HookKind)


@pytest.mark.parametrize("kind", HookKind)
def test_each_kind_says_where_its_address_is_pasted(kind: HookKind) -> None:
    sender = SENDERS[kind]
    assert "address" in sender.where
    assert ("signing secret" in sender.where) == sender.proof.signs


def test_only_docker_hub_can_have_no_other_host() -> None:
    assert [kind for kind in HookKind if SENDERS[kind].fixed] == [HookKind.DOCKER_HUB]


def test_the_kinds_that_prove_themselves_without_a_signing_secret() -> None:
    assert {kind for kind in HookKind if not SENDERS[kind].proof.signs} == {
        HookKind.DOCKER_HUB,
        HookKind.QUAY,
        HookKind.MIRANTIS,
        HookKind.GOOGLE,
    }
    assert SENDERS[HookKind.GOOGLE].proof is Proof.GOOGLE
