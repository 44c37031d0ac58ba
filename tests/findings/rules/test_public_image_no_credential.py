"""Images of private registries need a pull secret, which the pod or its service account may name."""

import pytest

from bot.findings import Known
from bot.findings.registries import is_known_private
from bot.images import ImageReference
from bot.policies.findings import PullSecret, RegistryPrefix
from tests.findings.rules.image_files import DIGEST, deployment, found, kustomization, pod

RULE = "public-image-no-credential"
PRIVATE = "ghcr.io/acme/app:1.4.2"
ACCOUNT = "123456789012"

KNOWN_PRIVATE = [
    "ghcr.io/acme/app",
    "GHCR.IO/acme/app",
    "quay.io/acme/app:1",
    f"quay.io/acme/app@{DIGEST}",
    f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app",
    "000000000000.dkr.ecr.us-gov-west-1.amazonaws.com/app",
    f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com/app",
    f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn/app",
    f"{ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu/app",
    f"{ACCOUNT}.dkr-ecr.eu-west-1.on.aws/app",
    "gcr.io/my-project/app",
    "eu.gcr.io/my-project/app",
    "us.gcr.io/my-project/app",
    "asia.gcr.io/my-project/app",
    "europe-west1-docker.pkg.dev/my-project/images/app",
    "us-docker.pkg.dev/my-project/images/app",
    "gcr.io/distroless-evil/app",
    "quay.io/prometheus-evil/app",
    "ghcr.io/jetstack/app",
    "asia-docker.pkg.dev/my-project/images/app",
    "us-docker.pkg.dev/cloudrun/other/app",
]
NOT_KNOWN_PRIVATE = [
    "nginx",
    "docker.io/acme/app",
    "registry.k8s.io/pause:3.9",
    "public.ecr.aws/acme/app",
    "mcr.microsoft.com/app",
    "acme.azurecr.io/app",
    "k8s.gcr.io/pause",
    "mirror.gcr.io/library/nginx",
    "marketplace.gcr.io/google/nginx",
    "gcr.io/google-containers/pause",
    "gcr.io/google_containers/pause",
    "gcr.io/distroless/static",
    "quay.io/jetstack/cert-manager-controller:v1.18.0",
    "quay.io/prometheus/prometheus:v3.5.0",
    "quay.io/argoproj/argocd:v3.1.0",
    "ghcr.io/fluxcd/source-controller:v1.6.2",
    "ghcr.io/stefanprodan/podinfo:6.9.0",
    "gcr.io/tekton-releases/github/tektoncd/pipeline/cmd/entrypoint:v0.9.2",
    "gcr.io/knative-releases/knative.dev/serving/cmd/webhook",
    "gcr.io/istio-release/pilot:1.27.0",
    "gcr.io/etcd-development/etcd:v3.6.0",
    "gcr.io/cadvisor/cadvisor:v0.52.0",
    "gcr.io/kubebuilder/kube-rbac-proxy:v0.16.0",
    "asia-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0",
    "us-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0",
    "us-docker.pkg.dev/cloudrun/container/hello",
    "evilgcr.io/acme/app",
    "evilghcr.io/acme/app",
    "ghcr.io.evil.example/acme/app",
    "evil.example/ghcr.io/acme/app",
    "ghcr.io:8443/acme/app",
    "xghcr.io/acme/app",
    "ghcr/acme/app",
    "quay.io.evil.example/acme/app",
    "00000000000.dkr.ecr.eu-west-1.amazonaws.com/app",
    "0000000000000.dkr.ecr.eu-west-1.amazonaws.com/app",
    f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com.evil.example/app",
    f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.org/app",
    f"{ACCOUNT}.dkrxecr.eu-west-1.amazonaws.com/app",
    f"evil.{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app",
    "docker.pkg.dev/my-project/images/app",
    "evil.us-docker.pkg.dev/my-project/images/app",
    "us-docker.pkg.dev.evil.example/app",
    "localhost:5000/ghcr.io/app",
]


@pytest.mark.parametrize("image", KNOWN_PRIVATE)
def test_a_registry_is_known_to_be_private(image: str) -> None:
    assert is_known_private(ImageReference.parse(image))


@pytest.mark.parametrize("image", NOT_KNOWN_PRIVATE)
def test_another_registry_is_not(image: str) -> None:
    assert not is_known_private(ImageReference.parse(image))


@pytest.mark.parametrize(
    ("spec", "is_found"),
    [
        ("", True),
        ("imagePullSecrets: []", True),
        ("imagePullSecrets:", True),
        ("imagePullSecrets: null", True),
        ("imagePullSecrets: [{name: ''}]", True),
        ("imagePullSecrets: [{name: ''}, {}]", True),
        ("imagePullSecrets: [{name: null}]", True),
        ("imagePullSecrets: [null]", True),
        ("imagePullSecrets: [{name: ghcr}]", False),
        ("imagePullSecrets: [{name: ''}, {name: ghcr}]", False),
        ("imagePullSecrets: [{name: '${SECRET}'}]", False),
        ("imagePullSecrets: '{{ .Values.secrets }}'", False),
        ("imagePullSecrets: {{ .Values.secrets }}", False),
        ("imagePullSecrets: [{{ .Values.secret }}]", False),
        ("imagePullSecrets: [ghcr]", False),
        ("imagePullSecrets: {name: ghcr}", False),
        ("imagePullSecrets: []\nimagePullSecrets: [{name: ghcr}]", False),
        ("serviceAccountName: web", False),
        ("serviceAccount: web", False),
        ("serviceAccountName: ${ACCOUNT}", False),
        ("serviceAccountName: [web]", False),
        ("serviceAccountName: {{ .Values.account }}", False),
        ("serviceAccountName: web\nserviceAccountName: other", False),
        ("serviceAccountName: default", True),
        ("serviceAccountName: ''", True),
    ],
)
def test_a_pod_is_to_name_a_secret(spec: str, is_found: bool) -> None:
    assert bool(found(RULE, pod(PRIVATE, spec=spec))) is is_found


@pytest.mark.parametrize(
    "image",
    ["nginx", "ghcr.io/acme/app:${TAG}", "${REGISTRY}/app", "ghcr.io/Acme/App", "''", "~", "[ghcr.io/acme/app]"],
)
def test_what_is_not_known_to_be_private_needs_none(image: str) -> None:
    assert found(RULE, pod(image)) == []


@pytest.mark.parametrize("containers", ["initContainers", "ephemeralContainers"])
def test_every_list_of_containers_is_looked_at(containers: str) -> None:
    content = pod("nginx:1") + f"  {containers}: [{{name: other, image: '{PRIVATE}'}}]\n"
    assert len(found(RULE, content)) == 1


def test_an_image_volume_needs_a_credential_too() -> None:
    volume = f"volumes: [{{name: models, image: {{reference: '{PRIVATE}'}}}}]"
    assert len(found(RULE, pod("nginx:1", spec=volume))) == 1


@pytest.mark.parametrize(
    ("account", "spec", "is_found"),
    [
        ("metadata: {name: web}\nimagePullSecrets: [{name: ghcr}]", "serviceAccountName: web", False),
        ("metadata: {name: web}\nimagePullSecrets: []", "serviceAccountName: web", True),
        ("metadata: {name: web}\nimagePullSecrets: [{name: ''}]", "serviceAccountName: web", True),
        ("metadata: {name: web}", "serviceAccountName: web", True),
        ("metadata: {name: default}\nimagePullSecrets: [{name: ghcr}]", "", False),
        ("metadata: {name: default}", "", True),
        ("metadata: {name: default, namespace: other}\nimagePullSecrets: [{name: ghcr}]", "", False),
        ("metadata: {name: other}\nimagePullSecrets: [{name: ghcr}]", "", True),
        ("metadata: {name: other}\nimagePullSecrets: [{name: ghcr}]", "serviceAccountName: web", False),
    ],
)
def test_a_service_account_of_the_repository_may_name_it(account: str, spec: str, is_found: bool) -> None:
    others = {"account.yaml": f"apiVersion: v1\nkind: ServiceAccount\n{account}\n"}
    assert bool(found(RULE, pod(PRIVATE, spec=spec), others=others)) is is_found


def test_a_service_account_of_another_namespace_says_nothing() -> None:
    account = "metadata: {name: default, namespace: other}\nimagePullSecrets: [{name: ghcr}]"
    others = {"account.yaml": f"apiVersion: v1\nkind: ServiceAccount\n{account}\n"}
    content = deployment(PRIVATE, metadata="{name: shop, namespace: shop}")
    assert len(found(RULE, content, others=others)) == 1


@pytest.mark.parametrize(
    ("more", "is_found"),
    [
        ("patches: [{patch: 'spec: {imagePullSecrets: [{name: ghcr}]}'}]", False),
        ("patches: [{patch: '[{op: add, path: /spec/imagePullSecrets, value: [{name: ghcr}]}]'}]", False),
        ("patches: [{path: secrets.yaml}]", False),
        ("patches: [{path: gone.yaml}]", True),
        ("patches: [{patch: '{kind: ServiceAccount, imagePullSecrets: [{name: ghcr}]}'}]", False),
        ("patches: [{patch: 'spec: {replicas: 2}'}]", True),
        ("namespace: shop", True),
    ],
)
def test_a_patch_of_a_kustomization_may_name_it(more: str, is_found: bool) -> None:
    secrets = "kind: Pod\nmetadata: {name: shop}\nspec: {imagePullSecrets: [{name: ghcr}]}\n"
    others = {"kustomization.yaml": kustomization(more=more), "secrets.yaml": secrets}
    assert bool(found(RULE, pod(PRIVATE), others=others)) is is_found


@pytest.mark.parametrize(("name", "is_found"), [("default", False), ("other", True)])
def test_a_patch_of_the_service_account_may_name_it(name: str, is_found: bool) -> None:
    patch = f"    kind: ServiceAccount\n    metadata:\n      name: {name}\n    imagePullSecrets: [{{name: ghcr}}]\n"
    more = f"patches:\n- patch: |\n{patch}"
    assert bool(found(RULE, pod(PRIVATE), others={"kustomization.yaml": kustomization(more=more)})) is is_found


@pytest.mark.parametrize(
    ("kustomized", "is_found"),
    [
        ("{name: ghcr.io/acme/app, newName: docker.io/acme/app}", False),
        ("{name: ghcr.io/acme/app, newTag: '2'}", True),
    ],
)
def test_a_kustomization_may_take_the_image_from_elsewhere(kustomized: str, is_found: bool) -> None:
    others = {"kustomization.yaml": kustomization(images=kustomized)}
    assert bool(found(RULE, pod(PRIVATE), others=others)) is is_found


@pytest.mark.parametrize(
    ("option", "prefix", "image", "is_found"),
    [
        ("allow", RegistryPrefix("ghcr.io"), PRIVATE, False),
        ("allow", RegistryPrefix("ghcr.io", "acme"), PRIVATE, False),
        ("allow", RegistryPrefix("ghcr.io", "ac"), PRIVATE, True),
        ("allow", RegistryPrefix("io"), PRIVATE, True),
        ("private", RegistryPrefix("registry.example"), "registry.example/app:1", True),
        ("private", RegistryPrefix("registry.example"), "evilregistry.example/app:1", False),
        ("private", RegistryPrefix("docker.io", "acme"), "acme/app:1", True),
        ("private", RegistryPrefix("docker.io", "acme"), "acme-open/app:1", False),
        ("private", RegistryPrefix("gcr.io", "distroless"), "gcr.io/distroless/static", True),
    ],
)
def test_the_options_say_what_is_private(option: str, prefix: RegistryPrefix, image: str, is_found: bool) -> None:
    assert bool(found(RULE, pod(image), options={option: (prefix,)})) is is_found


def test_what_is_allowed_is_so_before_it_is_private() -> None:
    ghcr = RegistryPrefix("ghcr.io")
    assert found(RULE, pod(PRIVATE), options={"allow": (ghcr,), "private": (ghcr,)}) == []


def test_outside_of_pods_nothing_is_found() -> None:
    assert found(RULE, "services: {web: {image: ghcr.io/acme/app}}", path="compose.yaml") == []


def test_of_a_patch_nothing_is_missing() -> None:
    assert found(RULE, deployment(PRIVATE).replace("  selector: {matchLabels: {}}\n", "")) == []


def test_a_pod_is_found_once() -> None:
    content = pod(PRIVATE) + "    - {name: b, image: quay.io/acme/b}\n    - {name: c, image: ghcr.io/acme/c}\n"
    content += "    - {name: d, image: ghcr.io/acme/d}\n    - {name: e, image: nginx}\n"
    images = "`ghcr.io/acme/app:1.4.2`, `quay.io/acme/b`, `ghcr.io/acme/c` and 1 more"
    why = "`ghcr.io` and `quay.io` are known to be private, and the pod may fail to start"
    assert [each.message for each in found(RULE, content)] == [f"No pull secret is named for {images}: {why}."]


def test_a_finding_stands_on_the_line_of_the_first_private_image() -> None:
    content = deployment("nginx:1") + f"        - name: other\n          image: {PRIVATE}\n"
    assert [(each.line, each.field) for each in found(RULE, content)] == [(13, "spec.template.spec.imagePullSecrets")]


def test_a_finding_stands_on_an_empty_list() -> None:
    assert found(RULE, pod(PRIVATE, spec="imagePullSecrets: []"))[0].line == 5


GHCR = PullSecret(RegistryPrefix("ghcr.io"), "ghcr")


def test_the_secret_of_the_policy_file_mends_it() -> None:
    finding = found(RULE, pod(PRIVATE), known=Known(pull_secrets=(GHCR,)))[0]
    assert finding.mend == "Name `ghcr` under `imagePullSecrets`."


def test_where_one_registry_has_no_secret_there_is_only_advice() -> None:
    content = pod(PRIVATE) + "    - {name: b, image: quay.io/acme/b}\n"
    finding = found(RULE, content, known=Known(pull_secrets=(GHCR,)))[0]
    assert (finding.mend.startswith("Name a pull secret under"), finding.fix) == (True, None)
