"""Laws of adding pull secrets that hold for any file: nothing is lost, nothing else is added, and once is enough."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.pull_secrets import PullSecret, add_pull_secrets

CASES = Path(__file__).parent / "cases"
PATH = "app.yaml"
OURS = "ghcr.io/acme/app"
NAME = "inserted"
FIELD = "imagePullSecrets"
SECRETS = [PullSecret("ghcr.io/acme", NAME)]

images = st.sampled_from([OURS, f'"{OURS}:1.0.0"', "nginx:1.25", "ghcr.io/acmeter/app", "'{{ image }}'", "", "~"])
comments = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\x85\ufeff\ufffe\uffff"), max_size=20
)
# Two spaces behind the colon tell a value that stood there from one that was inserted.
stands = st.sampled_from(
    ["", "", "", f"{FIELD}:  []", f"{FIELD}:  [ {{name: other}} ]", f"{FIELD}:  [{{name: '{NAME}'}}]"]
)
INSERTED_LINES = re.compile(rf"{FIELD}:\r?\n *- +name: {NAME}\r?\n *".encode())
INSERTED_LINE = re.compile(rf"{FIELD}: \[{{name: {NAME}}}\](?:, |,?\r?\n *)".encode())
INSERTED_JSON = re.compile(rf'"{FIELD}": ?\[{{"name": ?"{NAME}"}}\],\s*'.encode())
INSERTED_ENTRY = re.compile(rf"(?<={FIELD}:  \[){{name: {NAME}}}".encode())


def added(content: bytes) -> bytes:
    return add_pull_secrets({PATH: content}, SECRETS).files.get(PATH, content)


@st.composite
def block_pods(draw) -> str:
    """A pod in block style, its lists indented in any way, with comments anywhere and other keys around."""
    pad = " " * draw(st.integers(1, 4))
    dash = " " * draw(st.sampled_from([0, 2, 4])) + "-" + " " * draw(st.integers(1, 3))
    inner = " " * len(dash)
    lines = []
    for image in draw(st.lists(images, min_size=1, max_size=3)):
        lines += [f"{dash}name: äpp", f"{inner}image: {image}"]
    lists = [f"containers: # {draw(comments)}", *lines]
    if draw(st.booleans()):
        lists = [f"containers: [{{image: {draw(images)} }}, {{name: app}}]"]
    keys = [
        ["restartPolicy: Always"],
        ["hostname: |", "  # a", "  b"],
        ["subdomain: 'a", "  # b'"],
        [f"# {draw(comments)}"],
        [""],
    ]
    above, below = (draw(st.lists(st.sampled_from(keys), max_size=3)) for _ in range(2))
    # The same key twice would be another matter.
    below = [key for key in below if key not in above or not key[0][:1].isalpha()]
    spec = [
        line for key in (*_once(above), lists, [draw(stands) + f" # {draw(comments)}"], *_once(below)) for line in key
    ]
    return "\n".join(["kind: Pod", f"spec: # {draw(comments)}", *(pad + line for line in spec)]) + "\n"


def _once(keys):
    return [key for index, key in enumerate(keys) if key not in keys[:index]]


@st.composite
def flow_pods(draw) -> str:
    """A pod in flow style, on one line or on several, as YAML or as JSON."""
    gap = draw(st.sampled_from(["", " ", "\n    ", "\n  # c\n    "]))
    listed = ", ".join(f"{{image: {image} }}" for image in draw(st.lists(images, min_size=1, max_size=3)))
    standing = draw(stands)
    keys = [f"containers: [{listed}]", "hostNetwork: true", *([standing] if standing else [])]
    text = f",{gap or ' '}".join(draw(st.permutations(keys)))
    return f"kind: Pod\nspec: {{{gap}{text} }}\n"


@st.composite
def json_pods(draw) -> str:
    colon, gap = draw(st.sampled_from([(":", ""), (": ", " "), (": ", "\n      ")]))
    values = [f'{{"image"{colon}"{image}"}}' for image in draw(st.lists(st.sampled_from([OURS, "nginx"]), min_size=1))]
    keys = [f'"containers"{colon}[{",".join(values)}]', f'"hostNetwork"{colon}true']
    return f'{{"kind"{colon}"Pod","spec"{colon}{{{gap}{f",{gap}".join(draw(st.permutations(keys)))}}}}}\n'


@st.composite
def files(draw) -> bytes:
    pods = draw(st.lists(st.one_of(block_pods(), flow_pods(), json_pods()), min_size=1, max_size=3))
    text = draw(st.sampled_from(["", "\ufeff", "# ä\n"])) + "---\n".join(pods)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


@given(files())
def test_adding_twice_is_adding_once(content):
    once = added(content)
    assert added(once) == once


@given(files())
def test_the_old_file_is_the_new_one_without_what_was_inserted(content):
    assert taken_out(added(content)) == content


@given(files())
def test_a_yaml_reader_sees_the_secret_where_it_is_needed_and_nothing_else_changed(content):
    expected = [with_secret(document) for document in documents(content)]
    assert documents(added(content)) == expected


@st.composite
def pods_that_share(draw) -> bytes:
    """Pods of one list, each of its own or made of those before by aliases and merge keys."""
    lines = ["kind: List", "items:"]
    for number in range(draw(st.integers(2, 5))):
        earlier = [f"*pod{each}" for each in range(number)]
        lines += ["- kind: Pod", f"  metadata: {{name: p{number}}}"]
        keys = []
        if earlier and draw(st.booleans()):
            merged = draw(st.lists(st.sampled_from(earlier), min_size=1, max_size=2, unique=True))
            keys.append(f"<<: [{', '.join(merged)}]")
        if not keys or draw(st.booleans()):
            keys.append(f"containers: [{{image: {draw(st.sampled_from([OURS, 'nginx', 'quay.io/a']))} }}]")
        keys += draw(st.sampled_from([[], [], [f"{FIELD}: []"], [f"{FIELD}:"], [f"{FIELD}: [{{name: other}}]"]]))
        lines += [f"  spec: &pod{number}", *(f"    {key}" for key in draw(st.permutations(keys)))]
        if draw(st.booleans()):
            lines += ["- kind: Pod", f"  spec: *pod{number}"]
    return ("\n".join(lines) + "\n").encode()


@given(pods_that_share())
def test_no_pod_gets_secrets_that_it_does_not_need(content):
    secrets = [*SECRETS, PullSecret("quay.io", "quay")]
    changed = add_pull_secrets({PATH: content}, secrets)
    (before,) = documents(content)
    (after,) = documents(changed.files.get(PATH, content))
    for old, new in zip(before["items"], after["items"], strict=True):
        image = old["spec"]["containers"][0]["image"]
        name = {OURS: NAME, "quay.io/a": "quay"}.get(image)
        served = old["spec"] | {FIELD: [{"name": name}]}
        lacks = name is not None and not old["spec"].get(FIELD)
        assert new["spec"] in ([old["spec"], served] if lacks else [old["spec"]])
        assert new["spec"] == served or not lacks or changed.skipped


@given(pods_that_share())
def test_pods_that_share_are_edited_once(content):
    secrets = [*SECRETS, PullSecret("quay.io", "quay")]
    once = add_pull_secrets({PATH: content}, secrets).files.get(PATH, content)
    assert not add_pull_secrets({PATH: once}, secrets).files


@given(
    st.binary(max_size=20), st.sampled_from([path.read_bytes() for path in sorted(CASES.glob("*/before*"))]), st.data()
)
def test_a_damaged_file_never_raises_and_is_edited_once(noise, content, data):
    at = data.draw(st.integers(0, len(content)))
    damaged = content[:at] + noise + content[at:]
    once = added(damaged)
    assert added(once) == once


def documents(content: bytes) -> list[object]:
    return list(yaml.load_all(content.decode("utf-8-sig"), Loader=yaml.CSafeLoader))


def with_secret(document):
    """Say what a pod is to be, by its value alone."""
    pod = deepcopy(document)
    used = [container.get("image") or "" for container in pod["spec"]["containers"]]
    if any(image.startswith(OURS) for image in used) and not pod["spec"].get(FIELD):
        pod["spec"][FIELD] = [{"name": NAME}]
    return pod


def taken_out(content: bytes) -> bytes:
    for inserted in (INSERTED_LINES, INSERTED_LINE, INSERTED_JSON, INSERTED_ENTRY):
        content = inserted.sub(b"", content)
    return content
