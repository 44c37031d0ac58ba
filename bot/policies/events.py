"""YAML events of an untrusted text: bounded in number, depth and aliases, and only one kind of error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from bot.images import quoted
from bot.policies.scanner import MOST_DEPTH, TOO_DEEP, PlainScanner, UnreadableYaml
from bot.policies.tree import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES: Final = 1024 * 1024
MOST_EVENTS: Final = 100_000
MOST_LINES: Final = 50_000
MOST_ALIASES: Final = 2_000

_OPENING: Final = (MappingStartEvent, SequenceStartEvent)
_CLOSING: Final = (MappingEndEvent, SequenceEndEvent)


def read_events(text: str) -> Iterator[Event]:
    """Parse `text`, at most 1 MiB of UTF-8, event by event; raise UnreadableYaml."""
    _refuse_large(text)
    parser = YAML(typ="safe", pure=True)
    parser.Scanner = PlainScanner
    try:
        yield from _bounded(parser.parse(text))
    except UnreadableYaml:
        raise
    except ReaderError as error:
        raise UnreadableYaml(
            _place_of_character(text, error.position), "this character is not allowed in YAML"
        ) from None
    except MarkedYAMLError as error:
        raise UnreadableYaml(*_read_error(error)) from None
    except Exception as error:  # noqa: BLE001 - the scanner raises whatever int(), chr() and the like raise
        raise UnreadableYaml(Place(1, 1), f"the file is not YAML ({type(error).__name__})") from None


def _refuse_large(text: str) -> None:
    """Refuse at once what would take seconds to read, and no policy file needs."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise UnreadableYaml(Place(1, 1), f"the file has {size} bytes; at most {MOST_BYTES} are read")
    if len(text.splitlines()) > MOST_LINES:
        raise UnreadableYaml(Place(1, 1), f"the file has more than {MOST_LINES} lines")


def place_at(mark: StringMark) -> Place:
    """Turn the parser's mark, which counts from 0, into a place, which counts from 1."""
    return Place(mark.line + 1, mark.column + 1)


def _bounded(events: Iterator[Event]) -> Iterator[Event]:
    depth = aliases = documents = 0
    for number, event in enumerate(events):
        depth += isinstance(event, _OPENING) - isinstance(event, _CLOSING)
        aliases += isinstance(event, AliasEvent)
        documents += isinstance(event, DocumentStartEvent)
        _refuse(number > MOST_EVENTS, event, f"the file has more than {MOST_EVENTS} parts")
        _refuse(depth > MOST_DEPTH, event, TOO_DEEP)
        _refuse(aliases > MOST_ALIASES, event, f"there are more than {MOST_ALIASES} aliases")
        _refuse(documents > 1, event, "a second document begins here; a policy file is one document")
        yield event


def _refuse(condition: bool, event: Event, reason: str) -> None:
    if condition:
        raise UnreadableYaml(place_at(event.start_mark), reason)


def _read_error(error: MarkedYAMLError) -> tuple[Place, str]:
    mark = error.problem_mark or error.context_mark
    place = Place(1, 1) if mark is None else place_at(mark)
    said = " ".join(part for part in (error.context, error.problem) if part)
    return place, f"the file is not YAML: {quoted(said)[1:-1]}"


def _place_of_character(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
