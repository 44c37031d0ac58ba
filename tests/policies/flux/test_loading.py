"""Finding Flux's objects: which files are read, what is passed over, and what is refused."""

import pytest

from bot.images import ImageReference
from bot.manifests import Mode
from bot.policies import PolicyFile, PolicyFileError
from bot.policies.flux import load_flux
from bot.policies.policy import Delivery
from bot.selection import Strategy, Variant

GUIDE = {
    "clusters/my-cluster/podinfo-registry.yaml": b"""\
apiVersion: image.toolkit.fluxcd.io/v1beta1
kind: ImageRepository
metadata:
  name: podinfo
  namespace: flux-system
spec:
  image: ghcr.io/stefanprodan/podinfo
  interval: 1m0s
""",
    "clusters/my-cluster/podinfo-policy.yaml": b"""\
apiVersion: image.toolkit.fluxcd.io/v1beta1
kind: ImagePolicy
metadata:
  name: podinfo
  namespace: flux-system
spec:
  imageRepositoryRef:
    name: podinfo
  policy:
    semver:
      range: 5.0.x
""",
    "clusters/my-cluster/flux-system-automation.yaml": b"""\
apiVersion: image.toolkit.fluxcd.io/v1beta1
kind: ImageUpdateAutomation
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m0s
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    checkout:
      ref:
        branch: main
    commit:
      author:
        email: fluxcdbot@users.noreply.github.com
        name: fluxcdbot
      messageTemplate: '{{range .Updated.Images}}{{println .}}{{end}}'
    push:
      branch: main
  update:
    path: ./clusters/my-cluster
    strategy: Setters
""",
}


def test_the_objects_of_flux_own_guide_are_one_policy():
    (policy,) = load_flux(GUIDE).images

    assert policy.name == "flux-system:podinfo"
    assert policy.image == ImageReference.parse("ghcr.io/stefanprodan/podinfo")
    assert policy.enabled
    assert policy.rule.strategy is Strategy.SEMVER
    assert policy.rule.variant is Variant.ANY
    assert policy.range == policy.rule.constraint.text == "5.0.x"
    assert policy.mode is Mode.MARKERS
    assert policy.paths == ("clusters/my-cluster/**",)
    assert policy.poll.total_seconds() == 60
    assert policy.group == "flux-system:flux-system"
    assert policy.pull_request.delivery is Delivery.COMMIT
    assert policy.pull_request.branch == "main"
    assert policy.pull_request.commit_message == "{changes}\n"
    assert policy.line == 1


def test_what_the_guide_asks_for_and_cannot_have_is_told_at_its_place():
    suspend, author = load_flux(GUIDE).problems

    assert (suspend.path, suspend.line, suspend.column, suspend.key) == (author.path, 6, 1, "suspend")
    assert (author.line, author.column, author.key) == (16, 7, "author")
    assert author.path == "clusters/my-cluster/flux-system-automation.yaml"


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1beta2"])
def test_every_version_of_the_objects_is_read(flux, version):
    file = flux.load(
        flux.repository(version=version),
        flux.policy(version=version),
        flux.automation(version=version, git={}),
        flux.source(version=version, url="https://example.org/r", ref={"branch": "next"}),
    )

    assert file.images[0].pull_request.branch == "next"
    assert file.problems == ()


def test_another_version_is_told(flux):
    (problem,) = flux.problems(flux.repository(version="v1alpha2"))

    assert (problem.key, problem.line) == ("apiVersion", 1)
    assert problem.message == "`apiVersion` is not known with 'v1alpha2'; read are v1, v1beta2, v1beta1"


def test_nothing_is_an_empty_policy_file():
    assert load_flux({}) == PolicyFile(enabled=True, images=())


def test_objects_may_stand_in_any_files_and_in_any_order(flux):
    manifests = [flux.automation(), flux.policy("b"), flux.repository(), flux.policy("a")]
    apart = {f"{number}.yml": text.encode() for number, text in enumerate(manifests)}

    assert [policy.name for policy in load_flux(apart).images] == ["apps:a", "apps:b"]
    assert load_flux(apart).images == load_flux(dict(reversed(apart.items()))).images


@pytest.mark.parametrize("kind", ["List", "ImagePolicyList"])
def test_the_items_of_a_list_are_read(flux, kind):
    items = "".join(
        "- " + text.replace("\n", "\n  ").rstrip(" ") for text in (flux.repository(), flux.policy(), "kind: Other\n")
    )

    assert flux.load(f"apiVersion: v1\nkind: {kind}\nitems:\n{items}").images[0].name == "apps:app"


def test_json_is_read_too(flux):
    text = """{"apiVersion": "image.toolkit.fluxcd.io/v1", "kind": "ImageRepository",
        "metadata": {"name": "app", "namespace": "apps"}, "spec": {"image": "nginx"}}"""

    file = load_flux({"a.json": text.encode(), "b.yaml": flux.policy().encode()})

    assert file.images[0].image.name == "docker.io/library/nginx"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("other.yaml", "a: ["),
        ("notes.md", "image.toolkit.fluxcd.io/v1: ["),
        ("crds.yaml", "group: image.toolkit.fluxcd.io\nbroken: ["),
        ("helm.yaml", "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nx: ["),
        ("source.yaml", "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nx: ["),
        ("kind.yaml", "apiVersion: image.toolkit.fluxcd.io/v1\nkind: Other"),
        ("group.yaml", "apiVersion: example.org/v1 # image.toolkit.fluxcd.io/v1\nkind: ImagePolicy"),
        ("shape.yaml", "- image.toolkit.fluxcd.io/v1"),
        ("empty.yaml", "# image.toolkit.fluxcd.io/v1"),
    ],
)
def test_other_files_are_passed_over(path, content):
    assert load_flux({path: content.encode()}) == PolicyFile(enabled=True, images=())


def test_a_git_repository_matters_where_there_is_an_automation(flux):
    broken = b"apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nx: ["

    with pytest.raises(PolicyFileError, match=r"source\.yaml: line 4, column 1: the file is not YAML"):
        load_flux({"source.yaml": broken, "flux.yaml": flux.automation().encode()})


def test_a_broken_file_with_objects_is_refused_with_its_place():
    with pytest.raises(PolicyFileError) as caught:
        load_flux({"b.yaml": b"apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\na: [\n"})

    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.column) == ("b.yaml", 4, 1)
    assert caught.value.path == "b.yaml"


def test_a_template_of_a_chart_is_told_and_left_out():
    template = b"apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\n{{ toYaml .Values }}\n"

    (problem,) = load_flux({"charts/a/templates/policy.yaml": template}).problems

    assert problem.path == "charts/a/templates/policy.yaml"
    assert "none of it is read" in problem.message


def test_all_refusals_are_told_at_once_by_file_and_place(flux):
    files = {
        "b.yaml": flux.policy(policy={"semver": {"range": "x.y.z.a"}}),
        "a.yaml": flux.repository(image="https://x/y", suspend="maybe"),
    }

    with pytest.raises(PolicyFileError) as caught:
        load_flux({path: text.encode() for path, text in files.items()})

    assert [(problem.path, problem.key) for problem in caught.value.problems] == [
        ("a.yaml", "image"),
        ("a.yaml", "suspend"),
        ("b.yaml", "range"),
    ]


@pytest.mark.parametrize("kind", ["repository", "policy", "automation"])
def test_two_objects_of_one_name_are_refused(flux, kind):
    twice = getattr(flux, kind)()
    others = [
        build() for name in ("repository", "policy", "automation") if name != kind for build in [getattr(flux, name)]
    ]

    problem = flux.refusal(twice, twice, *others)

    assert problem.key == "name"
    assert "which of the two counts is not known" in problem.message


def test_one_name_may_stand_in_two_namespaces(flux):
    ours = [flux.repository(namespace=name) + "---\n" + flux.policy(namespace=name) for name in ("a", "b")]

    assert [policy.name for policy in flux.load(*ours).images] == ["a:app", "b:app"]


def test_without_a_namespace_the_default_one_counts_and_it_is_told():
    text = b"""\
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImageRepository
metadata: {name: app}
spec: {image: nginx}
---
apiVersion: image.toolkit.fluxcd.io/v1
kind: ImagePolicy
metadata: {name: app}
spec: {imageRepositoryRef: {name: app}, policy: {alphabetical: {}}}
"""
    file = load_flux({"a.yaml": text})

    (problem,) = file.problems
    assert file.images[0].name == "default:app"
    assert file.images[0].line == 6
    assert (problem.path, problem.line, problem.column, problem.key) == ("a.yaml", 8, 1, "namespace")
    assert "its markers are those of default:app" in problem.message


def test_what_is_not_known_is_passed_over_as_kubernetes_would_prune_it(flux):
    policy = flux.policy(surprise={"a": [1]}, filterTags={"pattern": "x", "also": True})

    assert flux.load(flux.repository(surprise=1), policy).problems == ()


def test_null_counts_as_not_written(flux):
    written = flux.policy(suspend=None, filterTags=None, digestReflectionPolicy=None)

    assert flux.one(written).enabled
    assert flux.one(written.replace("null", "")).enabled
    assert flux.one(written.replace("null", "~")).enabled


def test_aliases_and_merge_keys_are_followed():
    text = b"""\
apiVersion: v1
kind: List
items:
  - apiVersion: &version image.toolkit.fluxcd.io/v1
    kind: ImageRepository
    metadata: &here {name: app, namespace: apps}
    spec: {image: nginx}
  - apiVersion: *version
    kind: ImagePolicy
    metadata: {<<: *here, name: web}
    spec:
      <<: [{policy: {semver: {range: 2.x}}}, {policy: {alphabetical: {}}, suspend: true}]
      imageRepositoryRef: *here
"""
    (policy,) = load_flux({"a.yaml": text}).images

    assert (policy.name, policy.image.name) == ("apps:web", "docker.io/library/nginx")
    assert (policy.range, policy.rule.strategy, policy.enabled) == ("2.x", Strategy.SEMVER, False)


@pytest.mark.parametrize("name", ["", "UPPER", "a b", "a/b", "-a", "a:b", "a" * 254, "ä"])
def test_a_name_that_kubernetes_does_not_take_is_refused(flux, name):
    problem = flux.refusal(flux.repository(name=name))

    assert problem.key == "name"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("metadata: {name: a}\nspec: [x]\n", "spec"),
        ("metadata: []\nspec: {image: a}\n", "metadata"),
        ("metadata: {}\nspec: {image: a}\n", "name"),
        ("spec: {image: a}\n", "name"),
        ("metadata: {name: a}\n", "image"),
        ("metadata: {name: a}\nspec: {image: a, image: b}\n", "image"),
        ("metadata: {name: [a]}\nspec: {image: a}\n", "name"),
    ],
)
def test_a_wrong_shape_is_refused(text, key):
    with pytest.raises(PolicyFileError) as caught:
        load_flux({"a.yaml": f"apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImageRepository\n{text}".encode()})

    assert key in {problem.key for problem in caught.value.problems}
