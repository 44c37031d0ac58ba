"""The file that says which images a promotion brings to its target: digests, each with its tags there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import is_tag, quoted
from bot.policies.composing import compose
from bot.policies.scanner import UnreadableYaml
from bot.policies.tree import ListNode, MappingNode, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.policies.tree import Entry, Node

FOLDER: Final = ".niro/promoted/"
_END: Final = ".yml"
_DIGEST: Final = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")


class MapError(ValueError):
    """A map that cannot be read or added to: `.line`, from 1, and `.reason`, a sentence without a full stop."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"line {line}: {reason}")

    def __reduce__(self) -> tuple[type[MapError], tuple[int, str]]:
        """Be made again from what it was made of: an error that cannot leave its process breaks a pool for good."""
        return type(self), (self.line, self.reason)


@dataclass(frozen=True, slots=True)
class PromotedMap:
    """What a map says: digests of the source, and the tags that each gets at the target. A tag has one digest."""

    entries: Mapping[str, tuple[str, ...]]

    def holds(self, digest: str, tag: str) -> bool:
        """Whether a digest gets this tag."""
        return tag in self.entries.get(digest, ())

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Give each digest with each of its tags, in the order of the file."""
        return ((digest, tag) for digest, tags in self.entries.items() for tag in tags)


NOTHING_PROMOTED: Final = PromotedMap({})


def path_of(promotion: str) -> str:
    """Name the file in the repository that is the map of a promotion, by the promotion's name."""
    return f"{FOLDER}{promotion}{_END}"


def text_of(content: bytes | None) -> str:
    """Give the text of a map's file. Raises MapError where it is no file, or not written in UTF-8."""
    if content is None:
        raise MapError(1, "a folder or a link stands where the map should be")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise MapError(1 + content[: error.start].count(b"\n"), "the file is not written in UTF-8") from None


def read_map(text: str) -> PromotedMap:
    """Read a map of at most 1 MiB, which is hostile text. Raises MapError; an empty file promotes nothing."""
    root = root_of(text)
    if root is None:
        return NOTHING_PROMOTED
    entries = {digest: _tags(digest, entry) for digest, entry in root.entries.items()}
    _refuse_two_digests(root, entries)
    return PromotedMap(entries)


def root_of(text: str) -> MappingNode | None:
    """Read a map's text into a tree, in which nothing but its shape was looked at. None: it holds nothing."""
    try:
        root, problems = compose(text)
    except UnreadableYaml as error:
        raise MapError(error.place.line, error.reason) from None
    if problems:
        raise MapError(problems[0].line, problems[0].message)
    if root is None or (isinstance(root, Scalar) and root.is_empty):
        return None
    if not isinstance(root, MappingNode):
        raise MapError(root.place.line, 'the file is a mapping of digests to lists of tags: `"sha256:...": ["1.2"]`')
    return root


def tag_items(entry: Entry) -> tuple[Node, ...]:
    """Give what is listed under a digest. Raises MapError where that is no list; nothing at all is an empty one."""
    value = entry.value
    if isinstance(value, ListNode):
        return value.items
    if isinstance(value, Scalar) and value.is_empty:
        return ()
    raise MapError(value.place.line, 'a digest has a list of tags: `["1.2"]`')


def _tags(digest: str, entry: Entry) -> tuple[str, ...]:
    if not _DIGEST.fullmatch(digest):
        raise MapError(entry.place.line, f"a digest stands here, such as sha256:12ab..., and not {quoted(digest)}")
    return tuple(dict.fromkeys(_tag(item) for item in tag_items(entry)))


def _tag(item: Node) -> str:
    if not isinstance(item, Scalar):
        raise MapError(item.place.line, "a tag stands here, and not a list or a mapping")
    if not is_tag(item.text):
        raise MapError(item.place.line, f"{quoted(item.text)} cannot be a tag")
    return item.text


def _refuse_two_digests(root: MappingNode, entries: Mapping[str, tuple[str, ...]]) -> None:
    owners: dict[str, str] = {}
    for digest, tags in entries.items():
        for tag in tags:
            first = owners.setdefault(tag, digest)
            if first != digest:
                before = root.entries[first].place.line
                raise MapError(root.entries[digest].place.line, f"`{tag}` has another digest already, in line {before}")
