"""Hostile manifests: whatever the bytes, a PolicyFile or a PolicyFileError, and soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies import PolicyFile, PolicyFileError
from bot.policies.flux import load_flux

HEAD = b"apiVersion: image.toolkit.fluxcd.io/v1\nkind: ImagePolicy\n"
VALID = b"""\
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata: {name: app, namespace: apps}
spec:
  image: ghcr.io/o/app
  interval: 1m0s
  exclusionList: ["^.*\\\\.sig$"]
  insecure: true
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata:
  name: app
  namespace: apps
  labels: {team: a}
spec:
  imageRepositoryRef: {name: app}
  filterTags: {pattern: '^main-(?P<ts>[0-9]+)$', extract: $ts}
  policy:
    numerical: {order: asc}
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageUpdateAutomation
metadata: {name: all, namespace: apps}
spec:
  sourceRef: {kind: GitRepository, name: source}
  git:
    checkout: {ref: {branch: main}}
    commit:
      author: {email: bot@example.org}
      messageTemplate: |
        {{ .AutomationObject }} {{ .Values.a }}
        {{ range .Changed.Changes }}{{ println . }}{{ end }}
      messageTemplateValues: {a: b}
    push: {branch: bumps}
  policySelector: {matchExpressions: [{key: team, operator: In, values: [a]}]}
  update: {path: ./clusters/prod, strategy: Setters}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: source, namespace: apps}
spec: {url: https://github.com/o/r, ref: {branch: main}}
"""


def aliases(levels: int) -> bytes:
    """Write levels each of which names the one before it nine times."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, levels)]
    return HEAD + "\n".join(lines).encode()


def merges(levels: int) -> bytes:
    """Write levels each of which merges the one before it nine times."""
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{number}: &a{number} {{<<: [{', '.join([f'*a{number - 1}'] * 9)}]}}" for number in range(1, levels)]
    return HEAD + "\n".join(lines).encode() + f"\nspec: *a{levels - 1}\n".encode()


REFUSED = [
    ("six megabytes", HEAD + b"#" * (6 << 20), "larger than 5 MiB"),
    ("a binary file", HEAD + b"\0", "binary"),
    ("what is no UTF-8", HEAD + b"\xff", "not written in UTF-8"),
    ("deep lists", HEAD + b"a: " + b"[" * 100_000, "nested deeper"),
    ("deep mappings", HEAD + b"a: " + b"{a: " * 100_000, "nested deeper"),
    ("deep blocks", HEAD + b"a:\n " + b"- " * 10_000, "nested deeper"),
    ("too many parts", HEAD + b"a: [" + b"a," * 300_000 + b"]", "pieces of YAML"),
    ("an alias bomb", aliases(10), "unfold to too much"),
    ("a merge bomb", merges(10), "unfold to too much"),
    ("an alias of itself", HEAD + b"a: &a [*a]", "anchor"),
    ("a tab", HEAD + b"a:\n\t- b", "not YAML"),
    ("many directives", b"%TAG ! x\n" * 1000 + b"---\n" + HEAD, "%TAG"),
]


@pytest.mark.parametrize(("content", "message"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_is_one_clear_error(content, message):
    with pytest.raises(PolicyFileError, match=message) as caught:
        load_flux({"a.yaml": content})

    assert len(str(caught.value)) < 2000


def test_a_small_merge_is_no_bomb():
    with pytest.raises(PolicyFileError) as caught:
        load_flux({"a.yaml": merges(4)})

    assert {problem.key for problem in caught.value.problems} == {"metadata", "name"} - {"metadata"}


def test_more_objects_than_anyone_has_are_refused():
    item = (
        b"- {apiVersion: image.toolkit.fluxcd.io/v1, kind: ImageRepository, metadata: {name: n%d}, spec: {image: a}}\n"
    )
    lists = {
        f"{number}.yaml": b"kind: List\nitems:\n" + b"".join(item % (number * 6000 + each) for each in range(6000))
        for number in range(2)
    }

    with pytest.raises(PolicyFileError, match="there are more than 10000 of Flux's objects"):
        load_flux(lists)


def test_more_comparisons_than_anyone_needs_are_refused(flux):
    selector = {"matchExpressions": [{"key": f"k{number}", "operator": "DoesNotExist"} for number in range(1000)]}
    automations = [flux.automation(f"a{number}", policySelector=selector) for number in range(5)]
    policies = [flux.policy(f"p{number}") for number in range(250)]

    with pytest.raises(PolicyFileError, match="one of too many"):
        load_flux({
            "flux.yaml": "---\n".join([flux.repository(), *automations]).encode(),
            "policies.yaml": "---\n".join(policies).encode(),
        })  # fmt: skip


def test_more_patterns_than_anyone_needs_are_refused(flux):
    lists = [
        flux.repository(f"r{number}", exclusionList=[f"{number}-{each}" for each in range(25)]) for number in range(21)
    ]

    assert "one of too many patterns" in flux.refusal(*lists).message


def test_hostile_text_is_shown_escaped(flux):
    problems = flux.problems(
        flux.automation(git={"checkout": {"ref": {"branch": "m"}}, "commit": {"messageTemplate": "{{ \u202e\x07 }}"}}),
    )

    assert all(problem.message.isprintable() for problem in problems)


@given(st.binary())
def test_any_bytes_are_policies_or_their_problems(content):
    check(content)
    check(HEAD + content)


@given(st.text())
def test_any_text_is_policies_or_their_problems(text):
    check(HEAD + text.encode("utf-8", "replace"))


SCALARS = st.sampled_from([
    "1", "1.x", "nginx:1", "true", "no", "~", "''", '"\\x00"', "'{x}'", "'{{ .Values.x }}'", "'{{ range .X }}'",
    "a/../b", "../..", "*a", "&a x", "!x y", "!!binary x", "[", "]", "{", "|", ">", "a: b", "- a", "#",
    "\u2028", "(", "x" * 300, "5m", "main", "Always", "In", "asc", "desc",
])  # fmt: skip
KEYS = st.sampled_from([
    "spec", "metadata", "name", "namespace", "labels", "image", "interval", "exclusionList", "suspend",
    "policy", "semver", "range", "numerical", "alphabetical", "order", "filterTags", "pattern", "extract",
    "imageRepositoryRef", "git", "push", "branch", "checkout", "ref", "commit", "messageTemplate",
    "messageTemplateValues", "update", "path", "policySelector", "matchLabels", "matchExpressions", "key",
    "operator", "values", "sourceRef", "kind", "accessFrom", "insecure", "<<", "? a",
])  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(st.tuples(KEYS, inner), max_size=4).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)
KINDS = st.sampled_from(["ImageRepository", "ImagePolicy", "ImageUpdateAutomation", "GitRepository", "List", "[x]"])


@given(KINDS, st.lists(st.tuples(KEYS, VALUES), max_size=5))
def test_any_fields_make_an_object_or_have_problems(kind, pairs):
    fields = "".join(f"  {key}: {value}\n" for key, value in pairs)
    text = f"apiVersion: image.toolkit.fluxcd.io/v1\nkind: {kind}\nmetadata: {{name: x}}\nspec:\n{fields}"

    check(text.encode())
    check(VALID + b"---\n" + text.encode())


@given(st.data())
def test_a_mutated_manifest_is_policies_or_its_problems(data):
    content = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        end = at + data.draw(st.integers(0, 8))
        content[at:end] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"[", b"{", b"\n", b": ", b"- ", b"~", b"'"])
        )

    check(bytes(content))


@given(st.permutations(VALID.split(b"---\n")), st.data())
def test_where_the_objects_stand_does_not_matter(documents, data):
    files = {}
    for number, document in enumerate(documents):
        path = f"{data.draw(st.integers(0, 3))}.yaml"
        files[path] = files.get(path, b"") + b"---\n" + document + b"# %d\n" % number

    (policy,) = load_flux(files).images

    assert policy.name == "apps:app"
    assert policy.pull_request.commit_message == "apps/all b\n{changes}\n\n"


def check(content: bytes) -> None:
    lines = len(content.splitlines()) + content.count("\u0085".encode()) + content.count(b"\xe2\x80") + 2
    try:
        file = load_flux({"a.yaml": content, "b.yaml": VALID})
    except PolicyFileError as error:
        problems = error.problems
    else:
        assert isinstance(file, PolicyFile)
        problems = file.problems

    places = [(problem.path, problem.line, problem.column) for problem in problems]
    assert places == sorted(places)
    for problem in problems:
        assert problem.path in {"a.yaml", "b.yaml"}
        assert problem.column >= 1
        assert 1 <= problem.line <= max(lines, VALID.count(b"\n"))
        assert problem.message
        assert problem.message.isprintable()
        assert len(problem.message) < 1500
