"""Entries put into the text of a promotion's map, or taken out of it, and nothing else in it changed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.policies.tree import ListNode, Scalar
from bot.promotion.promoted_map import NOTHING_PROMOTED, MapError, PromotedMap, read_map, root_of, tag_items

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.policies.promotions import Promotion
    from bot.policies.tree import Entry, Node, Place

# What ends a line in YAML 1.2 (5.4), by which places in it are counted.
_BREAK: Final = re.compile("\r\n|[\n\r]")
_WRITTEN: Final = re.compile(r"\"[\w.-]+\"|'[\w.-]+'|[\w.-]+", re.ASCII)
_COMMA: Final = re.compile(r"[ \t]*,[ \t]*")
_ITEM_BEGINS: Final = re.compile(r"[ ]*-[ ]+")
_ITEM_ENDS: Final = re.compile(r"[ \t]*")
_KEY: Final = re.compile(r"(?P<quote>[\"']?)sha\d+:[a-f0-9]+(?P=quote)[ \t]*:")
_NO_PLACE: Final = "the file is written in a way that leaves no exact place for a tag here; write it as a list of tags"


class _Edit(NamedTuple):
    """Characters `start` to `end` of the text become `text`."""

    start: int
    end: int
    text: str


def with_entries(text: str | None, promotion: Promotion, additions: Mapping[str, Sequence[str]]) -> str:
    """Write digests with their tags into the text of a map, which is hostile; None: there is no such file yet.

    Every byte that stands there stays, in its order; only a tag that has another digest moves from there to its new
    one. Tags of a digest that is there go before those that it has, new digests to the end. Raises MapError where the
    map is not understood, where it leaves no exact place, or where it would be too large.
    """
    before = NOTHING_PROMOTED if text is None else read_map(text)
    if text is None:
        text = _head(promotion)
    additions = _one_digest_each(additions)
    wanted = _merged(before, additions)
    text = _without(text, _moved(before, additions))
    text = _with(text, before, additions)
    after = read_map(text)
    if dict(after.entries) != wanted:
        raise MapError(1, _NO_PLACE)
    return text


def without_entries(text: str, removals: Mapping[str, Collection[str]]) -> str:
    """Take tags of digests out of the text of a map, which is hostile; what is not there is no error.

    Every other byte stays. Raises MapError as `with_entries`.
    """
    before = read_map(text)
    gone = {digest: {tag for tag in tags if before.holds(digest, tag)} for digest, tags in removals.items()}
    gone = {digest: tags for digest, tags in gone.items() if tags}
    text = _without(text, gone)
    wanted = {
        digest: tuple(tag for tag in tags if tag not in gone.get(digest, ())) for digest, tags in before.entries.items()
    }
    if dict(read_map(text).entries) != wanted:
        raise MapError(1, _NO_PLACE)
    return text


def _head(promotion: Promotion) -> str:
    """Write what stands on top of a map that is made."""
    return (
        f"# Images that the promotion {promotion.name} brings\n"
        f"# from {promotion.source.name}\n"
        f"# to {promotion.target.name}:\n"
        "# digests, each with the tags that it gets there. What is merged here is copied.\n"
    )


def _one_digest_each(additions: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Leave each tag to the last digest that is to get it."""
    owners = {tag: digest for digest, tags in additions.items() for tag in tags}
    left = {
        digest: tuple(tag for tag in dict.fromkeys(tags) if owners[tag] == digest) for digest, tags in additions.items()
    }
    return {digest: tags for digest, tags in left.items() if tags}


def _merged(before: PromotedMap, additions: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    moved = {tag: digest for digest, tags in additions.items() for tag in tags}
    merged = {
        digest: tuple(tag for tag in tags if moved.get(tag, digest) == digest)
        for digest, tags in before.entries.items()
    }
    for digest, tags in additions.items():
        there = merged.get(digest, ())
        known = frozenset(there)
        merged[digest] = (*(tag for tag in tags if tag not in known), *there)
    return merged


def _moved(before: PromotedMap, additions: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Give the tags that leave each digest for another."""
    owners = {tag: digest for digest, tag in before.pairs()}
    moved: defaultdict[str, set[str]] = defaultdict(set)
    for digest, tags in additions.items():
        for tag in tags:
            if (owner := owners.get(tag, digest)) != digest:
                moved[owner].add(tag)
    return moved


def _with(text: str, before: PromotedMap, additions: Mapping[str, Sequence[str]]) -> str:
    root = root_of(text)
    offsets, end = _offsets(text), _line_end(text)
    edits: list[_Edit] = []
    last: list[str] = []
    for digest, tags in additions.items():
        known = frozenset(before.entries.get(digest, ()))
        new = [f'"{tag}"' for tag in tags if tag not in known]
        if not new:
            continue
        if root is not None and digest in root.entries:
            edits.append(_into(text, offsets, root.entries[digest], new, end))
        else:
            last.append(f'"{digest}": [{", ".join(new)}]{end}')
    gap = end if last and text and not _BREAK.fullmatch(text[-1]) else ""
    return _edited(text, edits) + gap + "".join(last)


def _into(text: str, offsets: Sequence[int], entry: Entry, new: Sequence[str], end: str) -> _Edit:
    """Put tags before those that a digest has."""
    items, value = tag_items(entry), entry.value
    if not isinstance(value, ListNode):
        at = _behind_key(text, offsets, entry)
        return _Edit(at, at, f" [{', '.join(new)}]")
    start = _at(offsets, value.place)
    if text[start] == "[":
        return _Edit(start + 1, start + 1, ", ".join(new) + (", " if items else ""))
    at = _at(offsets, items[0].place)
    lead = _lead(text, offsets, items[0])
    return _Edit(at, at, "".join(f"{tag}{end}{lead}" for tag in new))


def _behind_key(text: str, offsets: Sequence[int], entry: Entry) -> int:
    key = _KEY.match(text, _at(offsets, entry.place))
    if key is None:
        raise MapError(entry.place.line, _NO_PLACE)
    return key.end()


def _lead(text: str, offsets: Sequence[int], item: Node) -> str:
    """Give what stands before an item in its line, which must be its dash alone."""
    at = _at(offsets, item.place)
    lead = text[offsets[item.place.line - 1] : at]
    if not _ITEM_BEGINS.fullmatch(lead):
        raise MapError(item.place.line, _NO_PLACE)
    return lead


def _without(text: str, moved: Mapping[str, set[str]]) -> str:
    """Take tags from their digests."""
    root, offsets = root_of(text), _offsets(text)
    if root is None:
        return text
    edits = (edit for digest, tags in moved.items() for edit in _taken(text, offsets, root.entries[digest].value, tags))
    return _edited(text, list(edits))


def _taken(text: str, offsets: Sequence[int], value: Node, tags: set[str]) -> list[_Edit]:
    """Take tags out of the list of one digest."""
    assert isinstance(value, ListNode)
    written = [item.text if isinstance(item, Scalar) else "" for item in value.items]
    times = Counter(written)
    if twice := [tag for tag in sorted(tags) if times[tag] != 1]:
        raise MapError(value.place.line, f"`{twice[0]}` is to be taken from here, and stands here more than once")
    places = [place for place, tag in enumerate(written) if tag in tags]
    if text[_at(offsets, value.place)] != "[":
        return [_out_of_lines(text, offsets, value.items[place]) for place in places]
    return [_out_of_brackets(text, offsets, value.items, first, last) for first, last in _runs(places)]


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Give the first and the last of all that follow on each other."""
    firsts = [place for before, place in zip([None, *places], places, strict=False) if before != place - 1]
    lasts = [place for place, after in zip(places, [*places[1:], None], strict=True) if after != place + 1]
    return list(zip(firsts, lasts, strict=True))


def _out_of_brackets(text: str, offsets: Sequence[int], items: Sequence[Node], first: int, last: int) -> _Edit:
    """Take the tags from the first to the last, and the comma behind them, else the one before them."""
    is_last = last + 1 == len(items)
    begin = max(first - 1, 0) if is_last else first
    near = items[begin : last + 2]
    spans = [_span(text, offsets, item) for item in near]
    for (_, end), (start, _), item in zip(spans, spans[1:], near, strict=False):
        _refuse_gap(text, end, start, item.place)
    if not is_last:
        return _Edit(spans[0][0], spans[-1][0], "")
    return _Edit(spans[0][begin < first], spans[-1][1], "")


def _refuse_gap(text: str, start: int, end: int, place: Place) -> None:
    """Make sure that nothing stands between two tags but a comma: no comment, and no end of a line."""
    if not _COMMA.fullmatch(text, start, end):
        raise MapError(place.line, _NO_PLACE)


def _out_of_lines(text: str, offsets: Sequence[int], item: Node) -> _Edit:
    _lead(text, offsets, item)
    _, end = _span(text, offsets, item)
    rest = _ITEM_ENDS.match(text, end)
    assert rest is not None
    broken = _BREAK.match(text, rest.end())
    if broken is None and rest.end() < len(text):
        raise MapError(item.place.line, _NO_PLACE)
    return _Edit(offsets[item.place.line - 1], broken.end() if broken else len(text), "")


def _span(text: str, offsets: Sequence[int], item: Node) -> tuple[int, int]:
    written = _WRITTEN.match(text, _at(offsets, item.place))
    if written is None:
        raise MapError(item.place.line, _NO_PLACE)
    return written.span()


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits):
        pieces += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])


def _offsets(text: str) -> list[int]:
    """Give where each line begins."""
    return [0, *(found.end() for found in _BREAK.finditer(text))]


def _at(offsets: Sequence[int], place: Place) -> int:
    return offsets[place.line - 1] + place.column - 1


def _line_end(text: str) -> str:
    first = _BREAK.search(text)
    return "\r\n" if first is not None and first[0] == "\r\n" else "\n"
