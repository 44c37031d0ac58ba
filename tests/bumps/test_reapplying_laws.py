"""Laws of the bot's values on top of what a person wrote: no byte of theirs changes, and all of its own stand."""

from __future__ import annotations

import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.bumps import Bump, Reapplied, Stopped, Update, expected, reapply
from bot.manifests import find_images, standing_of, update
from bot.policies import load
from tests.bumps.situations import Situation, tag

APP, WEB = "ghcr.io/acme/app", "ghcr.io/acme/web"
POLICIES = f"""
version: 1
images:
  - {{image: {APP}, range: 1.x, group: all}}
  - {{image: {WEB}, range: 1.x, group: all}}
groups: {{all: {{}}}}
"""
VERSION = re.compile(rb"1\.[0-9]\.0")
NAMES = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]

images = st.sampled_from([APP, WEB])
old = st.sampled_from(NAMES[:2])
containers = st.lists(st.tuples(images, old), min_size=1, max_size=4)
contents = st.dictionaries(st.sampled_from(["a.yaml", "b.yaml"]), containers, min_size=1)
newest = st.sampled_from(NAMES[1:])
lines = st.sampled_from(
    [
        b"# theirs\n",
        b"    - {name: theirs, image: ghcr.io/acme/app:1.0.0}\n",
        b"    - {name: theirs, image: ghcr.io/acme/app:1.1.0}\n",
        b"    - {name: c0, image: ghcr.io/acme/web:1.0.0}\n",
        b"    - {name: theirs, image: nginx:1.0.0}\n",
        b"---\n",
        b"kind: [\n",
    ]
)
insertions = st.lists(st.tuples(st.integers(0, 9), lines), max_size=3)
replacements = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(NAMES)), max_size=1)


def manifest(held) -> bytes:
    text = "kind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n"
    for number, (image, version) in enumerate(held):
        text += f"    - {{name: c{number}, image: {image}:{version}}}\n"
    return text.encode()


def by_a_person(content: bytes, inserted, replaced) -> bytes:
    """Put lines into a file, and other versions in the place of some."""
    written = content.splitlines(keepends=True)
    for at, line in inserted:
        written.insert(min(at, len(written)), line)
    content = b"".join(written)
    for which, version in replaced:
        found = list(VERSION.finditer(content))
        if which < len(found):
            content = content[: found[which].start()] + version.encode() + content[found[which].end() :]
    return content


class Branch(Situation):
    """A bump of both images is open; its policies are read once for all."""

    policy_file = load(POLICIES)

    def __init__(self, held, newest_of) -> None:
        super().__init__()
        self.files = {path: manifest(each) for path, each in held.items()}
        self.list_up_to(newest_of)
        self.opened = next(iter(self.plan()), None)
        assume(self.opened is not None)
        self.head = self.files | update(self.files, self.opened.targets).files
        item = self.opened
        self.bumps = [
            Bump(item.group, item.branch, item.base.branch, "head", 7, item.fingerprint, item.proposals),
        ]

    def list_up_to(self, newest_of) -> None:
        """Let the registry list the versions of each image up to one."""
        known = [NAMES[: NAMES.index(name) + 1] for name in newest_of]
        self.tags = {image: [tag(name) for name in names] for image, names in zip((APP, WEB), known, strict=True)}

    def reapply(self):
        """Give what is wished now, and what becomes of the branch."""
        (item,) = self.plan()
        assume(isinstance(item, Update))
        return item, reapply(self.policy_file, item, self.opened.proposals, self.files, self.head)


@settings(max_examples=50)
@given(contents, st.tuples(newest, newest), st.tuples(newest, newest), insertions, replacements)
def test_what_is_theirs_stays_and_what_is_the_bots_stands_as_wished(held, before, now, inserted, replaced):
    branch = Branch(held, before)
    head = branch.head = {path: by_a_person(content, inserted, replaced) for path, content in branch.head.items()}
    branch.list_up_to(now)

    item, outcome = branch.reapply()

    if isinstance(outcome, Stopped):
        return
    for path, content in outcome.files.items():
        assert content != head[path]
        assert VERSION.sub(b"", content) == VERSION.sub(b"", head[path])
        assert theirs(content) == theirs(head[path])
    wished = update(branch.files, item.targets)
    assert outcome.changes == wished.changes
    for path, content in wished.files.items():
        stands, stood = standings(path, {**head, **outcome.files}[path]), standings(path, branch.files[path])
        moved = standings(path, content).items() - stood.items()
        assert moved <= stands.items()


def theirs(content: bytes) -> list[bytes]:
    return [line for line in content.splitlines() if b"theirs" in line]


def standings(path: str, content: bytes) -> dict[tuple[str, str], str | None]:
    return {(each.container, each.reference.name): standing_of(each) for each in find_images(path, content)}


@settings(max_examples=50)
@given(contents, st.tuples(newest, newest), st.tuples(newest, newest))
def test_where_nobody_else_wrote_it_becomes_what_is_expected_of_the_base(held, before, now):
    branch = Branch(held, before)
    branch.list_up_to(now)

    item, outcome = branch.reapply()

    assert isinstance(outcome, Reapplied)
    wished = branch.files | expected(branch.policy_file, branch.files, item.proposals)
    assert branch.head | dict(outcome.files) == wished
