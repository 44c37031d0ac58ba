"""Manifests with pods, drawn in many styles: block, flow and JSON, several documents, any indentation and line end."""

from __future__ import annotations

import json
import re
from itertools import count

from hypothesis import strategies as st

DIGEST = "sha256:" + "a" * 64
IMAGE = "ghcr.io/acme/app:latest"

images = st.sampled_from([IMAGE, f'"{IMAGE}"', f"'{IMAGE}'", f"&image {IMAGE}", f'!!str "{IMAGE}"'])
endings = st.sampled_from(["", " ", " # größe", "  #"])
resources = st.sampled_from(
    [
        [],
        ["resources: {}"],
        ["resources:"],
        ["resources: # none"],
        ["resources: ~"],
        ["resources: {} # none"],
        ["resources: {limits: {cpu: 1}}"],
        ["resources: {requests: {memory: 1Gi}, limits: {memory: 1Gi}}"],
        ["resources:", "@limits:", "@@memory: 1Gi"],
        ["resources:", "@# größe", "@requests:", "@@cpu: 5m # c", "@limits: {cpu: 1}"],
        ["resources:", "@requests:", "@@memory: 1Gi"],
        ["resources:", "@requests: {}", "@claims: []"],
        ["resources:", "@requests:"],
    ]
)
others = st.sampled_from(
    [
        [],
        ["args: [a, b]"],
        ["env:", "- name: A", "  value: b"],
        ["securityContext:", "@privileged: false"],
        ["# größe"],
        ["command:", "- sh", "- |", "  # a", "  b"],
    ]
)
secrets = st.sampled_from([[], [], ["imagePullSecrets: []"], ["imagePullSecrets:"], ['imagePullSecrets: [{name: ""}]']])


@st.composite
def containers(draw, step: int) -> list[str]:
    """The lines of a container in block style, without a dash; `@` stands for one step to the right."""
    named = ["name: app" + draw(endings)]
    keys = draw(st.permutations([named, ["image: " + draw(images) + draw(endings)], draw(resources), draw(others)]))
    lines = [line.replace("@", " " * step) for key in keys for line in key]
    return ["# first", *lines] if lines[0].startswith("#") else lines


@st.composite
def block_documents(draw) -> str:
    """A Deployment or a Pod in block style."""
    step = draw(st.sampled_from([2, 2, 4, 3]))
    dash = " " * draw(st.sampled_from([0, step])) + "-" + " " * draw(st.integers(1, 3))
    listed = []
    for _ in range(draw(st.integers(1, 3))):
        first, *more = draw(containers(step))
        comments = []
        while first.startswith("#"):
            comments.append(dash.partition("-")[0] + first)
            first, *more = more
        listed += [*comments, dash + first, *(" " * len(dash) + line for line in more)]
    keys = [["containers:" + draw(endings), *listed], draw(secrets), ["restartPolicy: Always" + draw(endings)]]
    spec = [line for key in draw(st.permutations(keys)) for line in key]
    if draw(st.booleans()):
        return "\n".join(["apiVersion: v1", "kind: Pod", "spec:", *(" " * step + line for line in spec)]) + "\n"
    around = ["spec:", " " * step + "selector: {}", " " * step + "template:", " " * step * 2 + "spec:"]
    return "\n".join(["apiVersion: apps/v1", "kind: Deployment", *around, *(" " * step * 3 + x for x in spec)]) + "\n"


@st.composite
def flow_documents(draw) -> str:
    """A Pod between brackets, on one line or on several."""
    gap = draw(st.sampled_from(["", " ", "\n    ", "\n  # größe\n    "]))
    listed = []
    for _ in range(draw(st.integers(1, 3))):
        keys = ["name: app", f"image: {draw(images)}"]
        keys += [line for line in draw(resources) if line.startswith("resources") and line.endswith("}")]
        listed.append("{" + f",{gap or ' '}".join(draw(st.permutations(keys))) + " }")
    return "apiVersion: v1\nkind: Pod\nspec: {" + gap + f"containers: [{', '.join(listed)}]" + " }\n"


@st.composite
def json_documents(draw) -> str:
    """A Pod as programs write it."""
    some = st.sampled_from([{}, {"resources": {}}, {"resources": None}, {"resources": {"limits": {"cpu": "1"}}}])
    listed = [{"name": "größe", "image": IMAGE} | draw(some) for _ in range(draw(st.integers(1, 3)))]
    separators = draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    pod = {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": listed}}
    return json.dumps(pod, indent=draw(st.sampled_from([None, 2])), separators=separators, ensure_ascii=False) + "\n"


@st.composite
def manifests(draw) -> bytes:
    """A file: one document or several, maybe with CRLF, a byte order mark, and no end of its last line."""
    made = st.one_of(block_documents(), block_documents(), flow_documents(), json_documents())
    text = "---\n".join(draw(st.lists(made, min_size=1, max_size=3)))
    # An anchor names one node of a document, or some readers refuse it.
    anchors = count()
    text = re.sub("&image", lambda anchor: f"{anchor[0]}{next(anchors)}", text)
    if draw(st.booleans()):
        text = text.removesuffix("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return ("\ufeff" if draw(st.booleans()) else "").encode() + text.encode()
