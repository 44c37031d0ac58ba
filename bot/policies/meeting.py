"""Whether two lists of globs select a file in common: answered by a path that both select.

A path that is found proves it. That none is found proves nothing: only likely paths are tried.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from bot.manifests import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILE: Final = "x.yaml"
_MANIFESTS: Final = (".yaml", ".yml")
_DEEP: Final = ("", "a", "a/b")
_SEGMENT: Final = "x"
_MAGIC: Final = frozenset("*?[\\")
_MOST_PATHS_OF_A_GLOB: Final = 24
_MOST_PATHS: Final = 200
_MOST_HINTS: Final = 4


def common_path(one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
    """Give a path that both lists select, None where none was found among at most 400 that were tried."""
    tried = (*_paths(one, other), *_paths(other, one))
    return next((path for path in tried if selects(one, path) and selects(other, path)), None)


def _paths(globs: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """Give paths that the globs are likely to select; what the other list names stands in for their stars."""
    chosen = globs if not globs[0].startswith("!") else ("**", *globs)
    positive = [glob for glob in chosen if not glob.startswith("!")]
    folders, names = _hints(others)
    paths = (path for glob in positive for path in islice(_samples(glob, folders, names), _MOST_PATHS_OF_A_GLOB))
    return list(dict.fromkeys(islice(paths, _MOST_PATHS)))


def _hints(globs: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Name the folders that globs begin with, and segments of theirs, each without its stars."""
    folders: dict[str, None] = {}
    names: dict[str, None] = {}
    for glob in globs:
        segments = [segment for segment in glob.lstrip("!").split("/") if segment]
        literal = segments[: next((at for at, each in enumerate(segments) if _MAGIC & set(each)), len(segments))]
        if literal:
            folders["/".join(literal)] = None
        names.update(dict.fromkeys(plain for each in segments if (plain := _plain(each, ""))))
    return list(folders)[:_MOST_HINTS], list(names)[:_MOST_HINTS]


def _samples(glob: str, folders: list[str], names: list[str]) -> Iterator[str]:
    """Put something in the place of every star; what is selected may be a file, or a folder with a file in it."""
    segments = [segment for segment in glob.split("/") if segment]
    choices = [
        [*_DEEP, *folders] if segment == "**" else list(dict.fromkeys(_plain(segment, fill) for fill in ("", *names)))
        for segment in segments
    ]
    for choice in product(*choices):
        path = "/".join(part for part in choice if part)
        if path.endswith(_MANIFESTS):
            yield path
        yield f"{path}/{_FILE}" if path else _FILE


def _plain(segment: str, fill: str) -> str:
    """Write a segment without stars, question marks and brackets."""
    plain = ""
    at = 0
    while at < len(segment):
        letter = segment[at]
        if letter == "\\":
            at += 1
            plain += segment[at : at + 1]
        elif letter == "*":
            plain += fill or _SEGMENT
        elif letter == "[":
            plain += segment[at + 1 : at + 2]
            at = max(at, segment.find("]", at + 2))
        else:
            plain += _SEGMENT if letter == "?" else letter
        at += 1
    return plain
