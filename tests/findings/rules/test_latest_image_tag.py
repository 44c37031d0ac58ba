"""Images whose tag moves are found, by the tag that is meant and not by what the text looks like."""

import pytest

from bot.findings import Known
from tests.findings.rules.image_files import DIGEST, TRIGGERED, deployment, found, image_policy, kustomization, pod

RULE = "latest-image-tag"
IMAGE = "ghcr.io/acme/app"
APPLICATION = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
HELM_RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
data:
  pod.yaml: |
    kind: Pod
    spec:
      containers: [{name: web, image: nginx}]
"""

MOVING = [
    "nginx",
    "nginx:latest",
    "nginx:LATEST",
    "nginx:Latest",
    "localhost:5000/app",
    "localhost:5000/app:latest",
    "localhost/app",
    "registry.example:5000/team/app",
    "gcr.io/google-containers/pause",
    "ghcr.io/acme/latest",
    "LOCAL/app",
    "index.docker.io/acme/app:latest",
    "'nginx:latest'",
]
STANDING = [
    "nginx:1.25",
    "localhost:5000/app:1",
    "localhost/app:1.0",
    "test.com:5000",
    "ghcr.io/acme/app:1.4.2",
    "nginx:latest-alpine",
    "nginx:1-latest",
    "acme/latest:1",
    f"busybox:latest@{DIGEST}",
    f"busybox@{DIGEST}",
    f"localhost:5000/app@{DIGEST}",
]
NOT_TOLD = [
    "nginx:${TAG}",
    "'nginx:{{ .Values.tag }}'",
    "${REGISTRY}/app:latest",
    "$(IMAGE)",
    "nginx:$TAG",
    "ko://github.com/acme/app/cmd/web",
    "'<image>'",
    "Uppercase:latest",
    "1.25",
    "12",
    "true",
    "':latest'",
    f"busybox:latest@sha256:{'a' * 63}",
    "''",
    "~",
    "[nginx:latest]",
]


@pytest.mark.parametrize("image", MOVING)
def test_a_tag_that_moves_is_found(image: str) -> None:
    assert [each.rule for each in found(RULE, pod(image))] == [RULE]


@pytest.mark.parametrize("image", STANDING)
def test_a_version_or_a_digest_is_not(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize("image", NOT_TOLD)
def test_what_nobody_can_tell_is_not(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize("containers", ["containers", "initContainers", "ephemeralContainers"])
def test_every_list_of_containers_is_looked_at(containers: str) -> None:
    content = pod("nginx:1").replace("  containers:", f"  {containers}:")
    assert [each.field for each in found(RULE, content.replace("nginx:1", "nginx"))] == [f"spec.{containers}[0].image"]


def test_an_image_volume_is_looked_at() -> None:
    content = pod("nginx:1", spec="volumes: [{name: models, image: {reference: acme/models}}]")
    assert [each.field for each in found(RULE, content)] == ["spec.volumes[0].image.reference"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("compose.yaml", "services: {web: {image: nginx}}"),
        ("compose.yaml", "services: {web: {image: 'nginx:latest'}}"),
        ("Dockerfile", "FROM golang\n"),
        ("Dockerfile", "FROM golang:1 AS build\nFROM alpine:3\nCOPY --from=build /a /a\nCOPY --from=nginx /b /b\n"),
        ("Dockerfile", "ARG BASE=alpine\nFROM $BASE\n"),
        ("Dockerfile", "ARG HOST=ghcr.io\nFROM $HOST/acme/app\n"),
        ("Dockerfile", "ARG TAG=latest\nFROM alpine:$TAG\n"),
        (".github/workflows/test.yml", "jobs: {test: {container: node}}"),
        (".github/workflows/test.yml", "jobs: {test: {steps: [{uses: 'docker://alpine:latest'}]}}"),
        ("action.yml", "runs: {using: docker, image: 'docker://alpine'}"),
        ("task.yaml", "apiVersion: tekton.dev/v1\nkind: Task\nspec: {steps: [{name: build, image: golang}]}"),
        ("values.yaml", "image: {repository: acme/app, tag: latest}"),
        ("values.yaml", "image: {registry: ghcr.io, repository: acme/app, tag: latest, digest: ''}"),
        ("values.yaml", "image: 'acme/app:latest'"),
        ("kustomization.yaml", "images: [{name: app, newName: ghcr.io/acme/app, newTag: latest}]"),
        ("kustomization.yaml", "images: [{name: app, newTag: latest}]"),
        (
            "app.yaml",
            f"{APPLICATION}spec: {{source: {{kustomize: {{images: ['app:latest']}}}}}}",
        ),
        ("release.yaml", f"{HELM_RELEASE}spec: {{values: {{image: {{repository: acme/app, tag: latest}}}}}}"),
    ],
)
def test_a_tag_that_moves_is_found_wherever_images_stand(path: str, content: str) -> None:
    assert len(found(RULE, content, path=path)) == 1


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("values.yaml", "image: {repository: acme/app, tag: ''}"),
        ("values.yaml", "image: {repository: acme/app, tag: null}"),
        ("values.yaml", f"image: {{repository: acme/app, tag: latest, digest: '{DIGEST}'}}"),
        ("values.yaml", f"image: {{repository: acme/app, tag: latest, sha256: {'a' * 64}}}"),
        ("values.yaml", "image: {repository: acme/app, tag: '{{ .Chart.AppVersion }}'}"),
        ("values.yaml", "extraContainers: [{name: debug, image: busybox}]"),
        ("kustomization.yaml", "images: [{name: app, newName: ghcr.io/acme/app}]"),
        ("kustomization.yaml", "images: [{name: app, newTag: ''}]"),
        ("kustomization.yaml", f"images: [{{name: app, digest: '{DIGEST}'}}]"),
        (
            "app.yaml",
            f"{APPLICATION}spec: {{source: {{kustomize: {{images: ['a=b']}}}}}}",
        ),
        ("Dockerfile", "FROM scratch\n"),
        ("Dockerfile", "ARG BASE\nFROM ${BASE}\n"),
        ("Dockerfile", "FROM alpine:3 AS build\nFROM build\n"),
        ("compose.yaml", "services: {web: {image: acme/app, build: .}}"),
        ("compose.yaml", "services: {web: {image: 'acme/app:${TAG:-latest}'}}"),
        (".github/workflows/test.yml", "jobs: {test: {runs-on: ubuntu-latest, container: '${{ matrix.image }}'}}"),
        ("map.yaml", CONFIG_MAP),
        ("secret.yaml", "apiVersion: v1\nkind: Secret\nstringData: {image: 'nginx:latest'}"),
    ],
)
def test_where_the_tag_may_stand_elsewhere_a_missing_one_is_not_found(path: str, content: str) -> None:
    assert found(RULE, content, path=path) == []


@pytest.mark.parametrize(
    ("tags", "image", "is_found"),
    [
        (("latest", "stable", "main"), "app:stable", True),
        (("latest", "stable", "main"), "app:STABLE", True),
        (("Nightly",), "app:nightly", True),
        (("stable",), "app:latest", False),
        (("stable",), "app", True),
        ((), "app:latest", False),
        (("latest",), "app:stable", False),
        (("1",), "app:1.2", False),
    ],
)
def test_the_option_tells_which_tags_move(tags: tuple[str, ...], image: str, is_found: bool) -> None:
    assert bool(found(RULE, pod(image), options={"mutable-tags": tags})) is is_found


@pytest.mark.parametrize(
    ("image", "kustomized"),
    [
        ("app:latest", "{name: app, newTag: 1.4.2}"),
        ("app:latest", f"{{name: app, digest: '{DIGEST}'}}"),
        ("app", "{name: app, newName: ghcr.io/acme/app}"),
        ("localhost:5000/app", "{name: 'localhost:5000/app', newTag: '1'}"),
    ],
)
def test_what_a_kustomization_replaces_is_not_found(image: str, kustomized: str) -> None:
    others = {"kustomization.yaml": kustomization(images=kustomized)}
    assert found(RULE, pod(image), others=others) == []


@pytest.mark.parametrize(
    "kustomized",
    ["{name: apps, newTag: '1'}", "{name: ap, newTag: '1'}", "{name: app}", "{name: acme/app, newTag: '1'}"],
)
def test_what_a_kustomization_leaves_as_it_is_is_found(kustomized: str) -> None:
    others = {"kustomization.yaml": kustomization(images=kustomized)}
    assert len(found(RULE, pod("app:latest"), others=others)) == 1


def test_a_kustomization_that_takes_another_file_in_says_nothing_of_this_one() -> None:
    others = {"other/kustomization.yaml": kustomization(takes="web.yaml", images="{name: app, newTag: '1'}")}
    assert len(found(RULE, pod("app:latest"), others=others)) == 1


def test_an_overlay_replaces_what_its_base_takes_in() -> None:
    others = {
        "base/kustomization.yaml": kustomization(),
        "prod/kustomization.yaml": kustomization(takes="../base", images="{name: app, newTag: 1.4.2}"),
    }
    assert found(RULE, pod("app:latest"), path="base/app.yaml", others=others) == []


def test_an_overlay_that_leaves_the_tag_as_it_is_runs_it() -> None:
    others = {
        "base/kustomization.yaml": kustomization(),
        "dev/kustomization.yaml": kustomization(takes="../base", images="{name: app, newTag: 1.4.2}"),
        "prod/kustomization.yaml": kustomization(takes="../base"),
    }
    assert len(found(RULE, pod("app:latest"), path="base/app.yaml", others=others)) == 1


def test_an_overlay_replaces_what_the_kustomization_below_says() -> None:
    content = kustomization(images="{name: app, newTag: latest}")
    others = {"prod/kustomization.yaml": kustomization(takes="../base", images="{name: app, newTag: 1.4.2}")}
    assert found(RULE, content, path="base/kustomization.yaml", others=others) == []


@pytest.mark.parametrize(
    ("patch", "is_found"),
    [
        ("kind: Pod\n      spec: {containers: [{name: web, image: 'app:1'}]}", False),
        ("[{op: replace, path: /spec/containers/0/image, value: 'app:1'}]", False),
        ("kind: Pod\n      spec: {containers: [{name: web, imagePullPolicy: Always}]}", True),
        ("kind: Pod\n      spec: {containers: [{name: other, image: 'app:1'}]}", True),
    ],
)
def test_a_patch_in_a_kustomization_that_names_the_image_may_replace_it(patch: str, is_found: bool) -> None:
    others = {"kustomization.yaml": kustomization(more=f"patches:\n  - patch: |\n      {patch}\n")}
    assert bool(found(RULE, pod("app:latest"), others=others)) is is_found


def test_what_openshift_fills_in_is_not_found() -> None:
    assert found(RULE, deployment("app:latest", metadata=TRIGGERED)) == []


@pytest.mark.parametrize(
    "said",
    [
        "''",
        "'[]'",
        "'{'",
        "'[1, {}]'",
        """'[{"fieldPath": "spec.template.spec.containers[?(@.name==\\"other\\")].image"}]'""",
        """'[{"fieldPath": "spec.template.spec.containers[1].image"}]'""",
    ],
)
def test_a_trigger_of_openshift_about_something_else_fills_nothing_in(said: str) -> None:
    metadata = f"{{name: shop, annotations: {{image.openshift.io/triggers: {said}}}}}"
    assert len(found(RULE, deployment("app:latest", metadata=metadata))) == 1


def test_a_trigger_may_name_the_container_by_its_number() -> None:
    said = """'[{"fieldPath": "spec.template.spec.containers[0].image"}]'"""
    metadata = f"{{name: shop, annotations: {{image.openshift.io/triggers: {said}}}}}"
    assert found(RULE, deployment("app:latest", metadata=metadata)) == []


TRIGGERS = "spec:\n  triggers: [{type: ImageChange, imageChangeParams: {containerNames: [%s]}}]\n"


@pytest.mark.parametrize(
    ("version", "kind", "named", "is_found"),
    [
        ("apps.openshift.io/v1", "DeploymentConfig", "web", False),
        ("apps.openshift.io/v1", "DeploymentConfig", "other", True),
        ("apps/v1", "Deployment", "web", True),
    ],
)
def test_only_a_deployment_config_says_itself_what_triggers_it(
    version: str, kind: str, named: str, is_found: bool
) -> None:
    content = deployment("app:latest").replace("spec:\n", TRIGGERS % named, 1)
    content = content.replace("apps/v1", version).replace("kind: Deployment", f"kind: {kind}")
    assert bool(found(RULE, content)) is is_found


def test_what_istio_fills_in_is_not_found() -> None:
    assert found(RULE, deployment("auto", annotations="{inject.istio.io/templates: gateway}")) == []


def test_an_image_that_is_called_auto_is_found() -> None:
    assert len(found(RULE, deployment("auto"))) == 1


def test_a_message_names_the_image_and_its_tag() -> None:
    assert found(RULE, pod("ghcr.io/acme/app:LATEST"))[0].message == (
        "The tag `LATEST` of the image `ghcr.io/acme/app` moves: what runs may not be what was reviewed."
    )


def test_a_message_says_what_a_missing_tag_means() -> None:
    assert found(RULE, pod("nginx"))[0].message == ("The image `nginx` has no tag: whatever `latest` then is will run.")


def test_a_finding_stands_on_the_line_of_the_tag() -> None:
    content = "image:\n  repository: acme/app\n  # follows main\n  tag: latest\n"
    assert [each.line for each in found(RULE, content, path="values.yaml")] == [4]


DIGEST_POLICY = image_policy(f"  - {{image: {IMAGE}, strategy: digest, track: stable}}")
ANY_DIGEST_POLICY = image_policy(f"  - {{image: {IMAGE}, strategy: digest}}")
SEMVER_POLICY = image_policy(f"  - {{image: {IMAGE}, range: '>=1.0.0'}}")


def test_a_tag_that_a_digest_policy_follows_moves() -> None:
    assert len(found(RULE, pod(f"{IMAGE}:stable"), known=Known(policies=(DIGEST_POLICY,)))) == 1


def test_another_tag_of_an_image_that_a_digest_policy_follows_does_not() -> None:
    assert found(RULE, pod(f"{IMAGE}:1.4.2"), known=Known(policies=(DIGEST_POLICY,))) == []


def test_a_digest_policy_without_a_tag_follows_the_one_in_the_file() -> None:
    assert len(found(RULE, pod(f"{IMAGE}:edge"), known=Known(policies=(ANY_DIGEST_POLICY,)))) == 1


def test_what_a_digest_policy_pinned_is_not_found() -> None:
    assert found(RULE, pod(f"{IMAGE}:stable@{DIGEST}"), known=Known(policies=(DIGEST_POLICY,))) == []


def test_a_digest_policy_for_other_files_says_nothing_here() -> None:
    policy = image_policy(f"  - {{image: {IMAGE}, strategy: digest, track: stable, update: {{paths: ['prod/**']}}}}")
    assert found(RULE, pod(f"{IMAGE}:stable"), known=Known(policies=(policy,))) == []


@pytest.mark.parametrize(
    ("keys", "marker", "is_found"),
    [
        ("", "", True),
        ("mode: auto", '# {"$imagepolicy": "app"}', True),
        ("mode: auto", '# {"$imagepolicy": "other"}', False),
        ("mode: markers", "", False),
        ("mode: markers", '# {"$imagepolicy": "app"}', True),
    ],
)
def test_a_digest_policy_moves_what_its_mode_and_the_marker_say(keys: str, marker: str, is_found: bool) -> None:
    policy = image_policy(f"  - {{image: {IMAGE}, strategy: digest, update: {{{keys}}}}}")
    content = deployment(f"{IMAGE}:stable {marker}")
    assert bool(found(RULE, content, known=Known(policies=(policy,)))) is is_found


@pytest.mark.parametrize(("keys", "is_found"), [("", False), ("update: {workflows: true}", True)])
def test_a_digest_policy_leaves_workflows_alone_unless_it_says_so(keys: str, is_found: bool) -> None:
    policy = image_policy(f"  - {{image: {IMAGE}, strategy: digest{f', {keys}' if keys else ''}}}")
    content = f"jobs: {{test: {{container: '{IMAGE}:stable'}}}}"
    path = ".github/workflows/test.yml"
    assert bool(found(RULE, content, path=path, known=Known(policies=(policy,)))) is is_found


def test_a_digest_policy_is_said_to_pin_the_tag() -> None:
    mend = found(RULE, pod(f"{IMAGE}:stable"), known=Known(policies=(DIGEST_POLICY,)))[0].mend
    assert mend == f"The policy `{DIGEST_POLICY.name}` follows this tag: its pull request pins the digest."


def test_another_policy_is_advised_to_follow_the_digest() -> None:
    assert "`strategy: digest`" in found(RULE, pod(f"{IMAGE}:latest"), known=Known(policies=(SEMVER_POLICY,)))[0].mend


def test_the_known_digest_is_what_mends_it() -> None:
    known = Known(digests={f"{IMAGE}:latest": DIGEST}, newest={"app": "1.5.0"}, policies=(SEMVER_POLICY,))
    mend = found(RULE, pod(f"{IMAGE}:latest"), known=known)[0].mend
    assert mend.startswith("Pin the digest that `latest` stands for now.")


def choosing(newest: dict[str, str], *policies: str) -> Known:
    """Know what policies choose: those written here, or one about the image everywhere."""
    return Known(newest=newest, policies=tuple(map(image_policy, policies)) or (SEMVER_POLICY,))


def test_without_a_digest_the_newest_tag_mends_it() -> None:
    mend = found(RULE, pod(f"{IMAGE}:latest"), known=choosing({"app": "1.5.0"}))[0].mend
    assert mend == "Name the newest tag, `1.5.0`: from there the policy `app` moves it."


@pytest.mark.parametrize("newest", ["latest", "LATEST"])
def test_a_newest_tag_that_moves_mends_nothing(newest: str) -> None:
    assert found(RULE, pod(f"{IMAGE}:latest"), known=choosing({"app": newest}))[0].fix is None


PROD = f"  - {{image: {IMAGE}, name: prod, range: 1.x, update: {{paths: ['prod/**']}}}}"
DEV = f"  - {{image: {IMAGE}, name: dev, range: '*', update: {{paths: ['dev/**']}}}}"
EVERYWHERE = f"  - {{image: {IMAGE}, name: all, range: '*'}}"


@pytest.mark.parametrize(
    ("policies", "path", "offered"),
    [
        ((PROD, DEV), "prod/web.yaml", "`1.5.0`"),
        ((DEV, PROD), "prod/web.yaml", "`1.5.0`"),
        ((PROD, DEV), "dev/web.yaml", "`2.0.1`"),
        ((PROD, DEV), "test/web.yaml", None),
        ((PROD, EVERYWHERE), "prod/web.yaml", None),
        ((DEV, EVERYWHERE), "dev/web.yaml", "`2.0.1`"),
    ],
)
def test_the_tag_is_that_of_the_policies_about_the_file(
    policies: tuple[str, ...], path: str, offered: str | None
) -> None:
    known = choosing({"prod": "1.5.0", "dev": "2.0.1", "all": "2.0.1"}, *policies)
    (finding,) = found(RULE, pod(f"{IMAGE}:latest"), path=path, known=known)
    assert (finding.fix is not None, offered is None or offered in finding.mend) == (offered is not None, True)


def test_what_one_of_two_policies_chooses_is_not_known_of_both() -> None:
    known = choosing({"dev": "2.0.1"}, DEV, EVERYWHERE)
    assert found(RULE, pod(f"{IMAGE}:latest"), path="dev/web.yaml", known=known)[0].fix is None


def test_without_anything_known_there_is_only_advice() -> None:
    finding = found(RULE, pod("nginx"))[0]
    assert (finding.mend, finding.fix) == ("Name a version, or pin the image to a digest.", None)
