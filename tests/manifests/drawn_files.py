"""Files and wishes drawn for the laws of editing: every layout in many styles, damaged, and marked anywhere."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from bot.images import ImageReference
from bot.manifests import Mode, Target

HERE = Path(__file__).parent
NAME = "ghcr.io/acme/app"
OURS = f"{NAME}:@TAG@"
MARKER = '{"$imagepolicy": "team:app"}'
OTHER_MARKER = '{"$imagepolicy": "team:other"}'
MARKERS = [
    f'{{"$imagepolicy": "{policy}"}}'
    for policy in ("app", "team:app", "prod:app", "other", "team:other", "app:tag", "team:other:tag", "other:name")
]
NOWHERE = ("not/here/**",)
DIGESTS = ["", f"@sha256:{'1' * 64}"]

any_tag = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)
text_tag = st.from_regex(r"v[A-Za-z0-9_.-]{0,20}", fullmatch=True)
version = st.from_regex(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,3}", fullmatch=True)
gaps = st.sampled_from([" ", "   ", "\t", " \t "])
line_ends = st.sampled_from(["\n", "\r\n"])
signs = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\x85\ufeff\ufffe\uffff")
comments = st.text(signs, max_size=20).map("# {}".format)
ends = st.one_of(st.just(""), st.just("\t"), comments.map(" {}".format))
tails = st.one_of(ends, st.just(f" # {MARKER}"))
names = st.sampled_from(["app", '"🚀"', "größe", "'a: #b'", f"{NAME}:0.9.9"])
flow_styles = st.sampled_from(["{}", '"{}"', "'{}'", "&a {}", "!!str {}", '&b "{}"', "! '{}'"])
block_styles = st.one_of(
    flow_styles, st.sampled_from([">-\n@PAD@{}", "|\n@PAD@{}", "\n@PAD@{}", "&c >\n@PAD@{}", "\n\n@PAD@'{}'"])
)
others = st.sampled_from(
    ["nginx:1.25", '"redis"', "", "~", "5", f"{NAME}-debug:0.9.9", f"docker.io/{NAME}:0.9.9", "'{{ x }}'", "[x]"]
)
HEADS = [
    ("kind: Pod", ["spec", "containers"]),
    ("apiVersion: apps/v1\nkind: Deployment", ["spec", "template", "spec", "initContainers"]),
    ("apiVersion: batch/v1\nkind: CronJob", ["spec", "jobTemplate", "spec", "template", "spec", "containers"]),
    ("apiVersion: tekton.dev/v1\nkind: Task", ["spec", "steps"]),
    ("apiVersion: acme.example/v1\nkind: Shop", ["spec", "extraContainers"]),
    ("apiVersion: argoproj.io/v1alpha1\nkind: Workflow", ["spec", "templateDefaults", "containerSet", "containers"]),
    ("apiVersion: ray.io/v1\nkind: RayCluster", ["spec", "headGroupSpec", "template", "spec", "containers"]),
]
IMAGE_MAPS = [
    ("x: [&x 1]", ["image"]),
    ("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease", ["spec", "values", "web", "image"]),
    ("apiVersion: acme.example/v1\nkind: Shop", ["spec", "image"]),
    ("apiVersion: argoproj.io/v1alpha1\nkind: Application", ["spec", "source", "helm", "valuesObject", "image"]),
]
SPLIT = [{"repository": NAME, "tag": "@"}, {"registry": "ghcr.io", "repository": "acme/app", "tag": "@"}]
KUSTOMIZATION = "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1"
LINES_OF_DOCKERFILES = [
    f"FROM {OURS}", f"from  {OURS}  AS x", f"COPY --from={OURS} /a /b", f'COPY --from="{OURS}" /a /b', "FROM scratch",
    f"RUN --mount=from={OURS},target=/x \\\n  echo {NAME}:0.9.9", f"RUN <<EOF\nFROM {NAME}:0.9.9\nEOF",
    f"FROM \\\n # größe\n {OURS}", "", f"# FROM {NAME}:0.9.9", f"ENV IMAGE={NAME}:0.9.9",
    f"# {MARKER}\nFROM {OURS}", f"# {OTHER_MARKER}\nFROM {NAME}:0.9.9", "FROM nginx:1.27 AS größe",
]  # fmt: skip
STEPS = [f"uses: docker://{OURS}", f'uses: "docker://{OURS}"', f"run: docker run {NAME}:0.9.9", "uses: a/b@v1"]
SCRIPTS = [f"run {OURS} # {MARKER}", f"# {MARKER}\n    é={OURS}", f"run {NAME}:0.9.9", "ß", f"é🚀 '{OURS}' # {MARKER}"]
SNIPPETS = [
    b"\n", b"\r", b"\t", b" ", b":", b": ", b"#", b" # ", b"- ", b"? ", b"&a ", b"*a", b"<<: *a", b'"', b"'", b"|",
    b">", b"{", b"}", b"[", b"]", b",", b"---\n", b"\n...\n", b"%YAML 1.1\n", b"!!str ", b"!x ", b"\\", b"\0",
    b"\xef\xbb\xbf", b"\xc2\x85", b"\xe2\x80\xa8", "🚀".encode(), b"@", b"{{", b"image: ", b"tag: ", b"1.0.0",
    f"{NAME}:1.0.0".encode(), b"~", f" # {MARKER}\n".encode(), f" # {OTHER_MARKER}\n".encode(), b"\\\n", b"<<EOF",
    b"$TAG", b"\x80", b"digest: ",
]  # fmt: skip


class File(NamedTuple):
    """A file with `@TAG@` where the tag of our image stands, alone and without quotes `@BARE@`."""

    path: str
    template: str

    def at(self, tag: str) -> bytes:
        return self.template.replace("@TAG@", tag).replace("@BARE@", tag).encode()


def nested(head: str, keys: list[str], width: int, body: list[str]) -> str:
    """Write a document whose `body` stands below some keys, each `width` further to the right."""
    lines = [f"{' ' * width * depth}{key}:" for depth, key in enumerate(keys)]
    pad = " " * width * len(keys)
    return "\n".join([head, *lines, *(pad + line for text in body for line in text.split("\n"))]) + "\n"


@st.composite
def pods(draw) -> str:
    items = []
    for _ in range(draw(st.integers(1, 4))):
        name, gap, tail = draw(names), draw(gaps), draw(tails)
        value = draw(block_styles).format(OURS) if draw(st.booleans()) else draw(others)
        if "\n" in value:
            tail = ""
        pair = draw(st.permutations([f"name: {name}", f"image:{gap}{value.replace('@PAD@', '      ')}{tail}"]))
        flow = f"- {{name: {name},{gap}image: {draw(flow_styles).format(OURS)} }}{tail}"
        items.append(draw(st.sampled_from([f"- {pair[0]}\n  {pair[1]}", flow, f"-\n  {pair[0]}\n\n  {pair[1]}"])))
    head, keys = draw(st.sampled_from(HEADS))
    return nested(f"{draw(comments)}\n{head}", keys, draw(st.integers(1, 4)), items)


@st.composite
def flow_pods(draw) -> str:
    gap = draw(st.sampled_from(["", "\n  ", " # größe\n\t ", "\n\n "]))
    quote = draw(st.sampled_from(["", '"']))
    keys = [f"{quote}{key}{quote}:" for key in ("kind", "spec", "containers", "image", "name")]
    images = draw(st.lists(flow_styles.map(lambda style: style.format(OURS)), min_size=1, max_size=4))
    items = [f"{{{gap}{keys[4]} {draw(names)},{gap}{keys[3]} {image} {gap}}}" for image in images]
    return f"{{{keys[0]} Pod,{gap} {keys[1]} {{{keys[2]} [{gap}{f' ,{gap}'.join(items)}]{gap}}}}}\n"


@st.composite
def image_maps(draw) -> str:
    fields = dict(draw(st.sampled_from(SPLIT))) | {"pullPolicy": "Always"}
    fields["tag"] = draw(st.sampled_from(["@BARE@", '"@TAG@"', "'@TAG@'", "&t @BARE@", "!!str @TAG@", "&t '@TAG@'"]))
    pairs = [f"{key}: {value}" for key, value in draw(st.permutations(list(fields.items())))]
    head, keys = draw(st.sampled_from(IMAGE_MAPS))
    gap = draw(st.sampled_from([" ", "\n    "]))
    body = [f"{{{gap}{f',{gap}'.join(pairs)} }}"] if draw(st.booleans()) else [pair + draw(ends) for pair in pairs]
    return nested(head, keys, draw(st.integers(1, 4)), body)


@st.composite
def kustomizations(draw) -> str:
    named = [f"name: {NAME}", f"name: x\n  newName: {NAME}"]
    tags = ["newTag: @BARE@", 'newTag: "@TAG@"', "newTag: &t @BARE@", f"newTag: @BARE@ # {MARKER}"]
    entries = draw(st.lists(st.tuples(st.sampled_from(named), st.sampled_from(tags)), min_size=1, max_size=3))
    other = f"- {{name: {NAME}, newName: x, newTag: 0.9.9}}"
    return nested(
        KUSTOMIZATION, ["images"], 1, [*("- " + "\n  ".join(draw(st.permutations(e))) for e in entries), other]
    )


@st.composite
def config_maps(draw) -> str:
    lines = draw(st.lists(st.sampled_from(SCRIPTS), min_size=1, max_size=5))
    return "kind: ConfigMap\napiVersion: v1\ndata:\n  run.sh: |\n" + "".join(f"    {line}\n" for line in lines)


@st.composite
def files_of_documents(draw) -> File:
    made = st.one_of(pods(), flow_pods(), image_maps(), kustomizations(), config_maps())
    documents = draw(st.lists(made, min_size=1, max_size=3))
    template = draw(st.sampled_from(["---\n", "--- # x\n", "...\n---\n"])).join(documents)
    numbers = count()
    return File("deploy/app.yaml", re.sub(r"&\w ", lambda _: f"&a{next(numbers)} ", template))


@st.composite
def other_files(draw) -> File:
    services = draw(st.lists(block_styles.map(lambda style: style.format(OURS)), min_size=1, max_size=3))
    compose = [f"s{n}:\n  image: {value.replace('@PAD@', '    ')}" for n, value in enumerate(services)]
    steps = draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
    lines = draw(st.lists(st.sampled_from(LINES_OF_DOCKERFILES), max_size=6))
    json = (
        f'{{"kind":"Pod","x":"\\ud83d\\ude80","spec":{{"containers":[{{"image":"{OURS}"}},{{"image" : "{OURS}"}}]}}}}'
    )
    return draw(
        st.sampled_from(
            [
                File("compose.yaml", nested("name: x", ["services"], draw(st.integers(1, 4)), compose)),
                File(".github/workflows/ci.yml", nested("on: x", ["jobs", "a", "steps"], 2, [f"- {s}" for s in steps])),
                File("Dockerfile", "\n".join([f"FROM {OURS}", *lines])),
                File("app.json", json),
            ]
        )
    )


@st.composite
def files(draw) -> File:
    """Files of every layout, with any line ends, with or without a byte order mark and a last line end."""
    path, template = draw(st.one_of(files_of_documents(), other_files()))
    template = draw(st.sampled_from(["", "\ufeff"])) + template
    if draw(st.booleans()):
        template = template.removesuffix("\n")
    return File(path, template.replace("\n", draw(line_ends)))


def tags_of(file: File):
    """Tags that can stand everywhere in a file: without quotes only such as do not read as numbers."""
    return st.one_of(version, text_tag if "@BARE@" in file.template else any_tag)


def kept_files() -> list[tuple[str, bytes]]:
    """List the files of the corpus, and those of the golden cases, by the path that they are read under."""
    corpus = [file for file in sorted((HERE / "corpus").rglob("*")) if file.is_file() and file.name != ".gitattributes"]
    cases = [(file.name, file.read_bytes()) for file in sorted((HERE / "cases").glob("*/before*"))]
    digest = b"sha256:" + b"0" * 64
    filled = [file.read_bytes().replace(b"@DIGEST@", digest) for file in corpus]
    contents = [content.replace(b"@TAG@", b"1.0.0").replace(b"@BARE@", b"1.0.0") for content in filled]
    return [*((str(f.relative_to(HERE / "corpus")), c) for f, c in zip(corpus, contents, strict=True)), *cases]


KEPT = kept_files()


@st.composite
def damaged_files(draw) -> tuple[str, bytes]:
    """Files in which some bytes were inserted, taken out, repeated or replaced."""
    path, content = draw(st.one_of(files().map(lambda file: (file.path, file.at("1.0.0"))), st.sampled_from(KEPT)))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        instead = draw(st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=8), st.just(content[start:end] * 2)))
        content = content[:start] + instead + content[draw(st.sampled_from([start, end])) :]
    return path, content


@st.composite
def marked_files(draw) -> tuple[str, bytes]:
    """Files with markers of several policies on lines of any kind."""
    path, content = draw(st.one_of(files().map(lambda file: (file.path, file.at("1.0.0"))), st.sampled_from(KEPT)))
    lines = content.split(b"\n")
    for _ in range(draw(st.integers(1, 6))):
        row, marker = draw(st.integers(0, len(lines) - 1)), b" # " + draw(st.sampled_from(MARKERS)).encode()
        indented = re.match(rb"\s*", lines[row])[0] + marker.strip()
        lines[row] = draw(st.sampled_from([lines[row].rstrip(b"\r") + marker, indented + b"\n" + lines[row]]))
    return path, b"\n".join(lines)


@st.composite
def targets(draw) -> Target:
    digest = draw(st.sampled_from(DIGESTS))
    return Target(
        policy=draw(st.sampled_from(["app", "app", "other"])),
        reference=ImageReference.parse(f"{NAME}:{draw(any_tag)}{digest}"),
        namespace=draw(st.sampled_from(["team", "prod", ""])),
        current=draw(st.sampled_from([None, None, "1.0.0", "0.9.9"])),
        paths=draw(st.sampled_from([("**",), ("**",), NOWHERE])),
        mode=draw(st.sampled_from(Mode)),
        workflows=draw(st.booleans()),
    )
