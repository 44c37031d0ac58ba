"""Images in Dockerfiles: what a build stands upon, copies from and mounts, and the arguments that name it."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles.images import Image
from bot.manifests.dockerfiles.lines import script_in
from bot.manifests.dockerfiles.marking import Assigned, follow
from bot.manifests.dockerfiles.values import LONGEST_VALUE, Fragment, Value, Written, filled, written_in
from bot.manifests.dockerfiles.words import Piece, assignments_in, fields_in, flags_in
from bot.manifests.markers.syntax import MARKER_KEY
from bot.manifests.occurrences import Span
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.references import DIGEST
from bot.manifests.texts import image_in
from bot.manifests.tree import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.manifests.dockerfiles.lines import Instruction, Line, Script
    from bot.manifests.occurrences import Found
    from bot.manifests.source import Source

MOST_ASSIGNMENTS: Final = 50_000

_WORD: Final = re.compile(rb"\S++")
_SCRATCH: Final = "scratch"
_NUMBER: Final = re.compile(r"[-+]?[0-9]+")
_NO_IMAGE: Final = "FROM is not followed by an image, or by an image, AS and a name"
_TEMPLATE: Final = "the image is a template"
_ENDLESS: Final = "the text that begins here with << does not end in this file, so nothing below was read"


def read_dockerfile(path: str, source: Source) -> tuple[list[Found], list[Skipped]]:
    """Find the images that a Dockerfile builds upon, and what was left out. Raises Unreadable where a bound is passed.

    They are `FROM`, `COPY --from`, `RUN --mount=from=`, the `# syntax=` directive, and the defaults of arguments that
    are images or parts of one (https://docs.docker.com/reference/dockerfile). Those in a stage, which no base sees,
    need a tag or a digest. The names of stages are no images.
    """
    script = script_in(source, MARKER_KEY.encode())
    finder = _Finder(path, script)
    found, skipped = follow(path, script, finder.read(), finder.assigned)
    skipped += finder.skipped
    found.sort(key=lambda each: each.occurrence.line)
    skipped.sort(key=lambda each: each.line or 0)
    return found, skipped


class _Base(NamedTuple):
    """Where the base of a stage stands in the text of its FROM, and the name of the stage, "" for none."""

    start: int
    end: int
    stage: str


class _Finder:
    """Goes through the instructions in order."""

    def __init__(self, path: str, script: Script) -> None:
        self.skipped = [Skipped(path, line, SkipReason.NOT_A_TEXT, _ENDLESS) for line in script.endless]
        self.assigned: dict[int, list[Assigned]] = {}
        self._path = path
        self._script = script
        self._images: list[Image] = []
        self._arguments: dict[str, Value] = {}
        self._own: dict[str, Written] = {}
        self._names: dict[Written, str] = {}
        self._bases: dict[Fragment, list[int]] = {}
        self._all_stages = _stages_of(script)
        self._stages_before: set[str] = set()
        self._stage: str | None = None
        self._count = 0

    def read(self) -> list[Image]:
        """Find what the instructions name, and the arguments that are images."""
        if self._script.syntax:
            self._syntax(self._script.syntax)
        handlers = {"FROM": self._from, "COPY": self._copy, "RUN": self._run, "ARG": self._assign, "ENV": self._assign}
        for index, instruction in enumerate(self._script.instructions):
            handler = handlers.get(instruction.keyword)
            if handler:
                handler(index, instruction)
        return self._images + list(self._defaults())

    def _syntax(self, line: Line) -> None:
        text = line.text.decode()
        written = Written(text, Span(line.byte, line.byte + len(line.text)), line.number, None)
        self._images.append(Image("# syntax", "", written, Value((Fragment(written, 0, len(text)),))))

    def _from(self, index: int, instruction: Instruction) -> None:
        base = _base_in(instruction)
        if instruction.is_trigger or base is None:
            self._no_base(instruction)
            return
        self._stage = base.stage
        written = written_in(instruction.text, base.start, base.end, index, self._script.escape)
        value = filled(written, self._arguments)
        if not (value.is_known and _is_stage(value.text, self._stages_before)):
            self._base(index, written, value)
        if base.stage:
            self._stages_before.add(base.stage.lower())

    def _no_base(self, instruction: Instruction) -> None:
        is_template = b"{{" in instruction.text.text
        reason, message = (SkipReason.TEMPLATE, _TEMPLATE) if is_template else (SkipReason.NOT_A_TEXT, _NO_IMAGE)
        line = instruction.text.line_at(instruction.begin)
        self._stage = self._stage or ("" if not instruction.is_trigger else None)
        self.skipped.append(Skipped(self._path, line, reason, message))

    def _base(self, index: int, written: Written, value: Value) -> None:
        """Take the base of a stage. Where an argument is all of it, the image stands there."""
        if value.is_known and len(value.fragments) == 1 and value.fragments[0].written != written:
            self._bases.setdefault(value.fragments[0], []).append(index)
            return
        homes = (index, *(fragment.written.home for fragment in value.fragments))
        known = tuple(dict.fromkeys(home for home in homes if home is not None))
        self._images.append(Image("FROM", self._stage or "", written, value, known))

    def _copy(self, index: int, instruction: Instruction) -> None:
        for flag in _last_from(flags_in(instruction.text.text, instruction.begin)[0]):
            self._other(index, instruction, "COPY --from", flag)

    def _run(self, index: int, instruction: Instruction) -> None:
        text = instruction.text.text
        for flag in flags_in(text, instruction.begin)[0]:
            if flag.name == "mount":
                for field in _last_from(fields_in(text, flag.start, flag.end)):
                    self._other(index, instruction, "RUN --mount", field)

    def _other(self, index: int, instruction: Instruction, field: str, piece: Piece) -> None:
        """Take an image that is named by a flag. There a stage may also stand further below."""
        written = written_in(instruction.text, piece.start, piece.end, index, b"\\")
        text = written.text
        if not text or _NUMBER.fullmatch(text) or _is_stage(text, self._all_stages):
            return
        if instruction.is_trigger:
            # The stages are then those of another file: only what has a tag or a digest is an image for certain.
            if len(text) > LONGEST_VALUE or image_in(text) is None:
                return
            field = f"ONBUILD {field}"
        value = Value((Fragment(written, 0, len(text)),), is_known="$" not in text)
        self._images.append(Image(field, self._stage or "", written, value, (index,)))

    def _assign(self, index: int, instruction: Instruction) -> None:
        if instruction.is_trigger:
            return
        for piece in assignments_in(instruction.text.text, instruction.begin, self._script.escape):
            self._count += 1
            if self._count > MOST_ASSIGNMENTS:
                message = f"the file gives more than {MOST_ASSIGNMENTS:,} values to names"
                raise Unreadable(SkipReason.TOO_MANY_EVENTS, message)
            written = written_in(instruction.text, piece.start, piece.end, index, self._script.escape)
            if instruction.comments:
                assigned = Assigned(f"{instruction.keyword} {piece.name}", self._stage or "", written)
                self.assigned.setdefault(index, []).append(assigned)
            if instruction.keyword == "ARG" and self._stage is None:
                self._arguments[piece.name] = filled(written, self._arguments)
                self._own[piece.name] = written
                self._names[written] = piece.name
            elif instruction.keyword == "ARG" and len(written.text) <= LONGEST_VALUE and _is_pinned(written.text):
                value = Value((Fragment(written, 0, len(written.text)),))
                self._images.append(Image(f"ARG {piece.name}", self._stage or "", written, value, (index,)))

    def _defaults(self) -> Iterator[Image]:
        """Give the arguments that are images: the bases of stages, and others that have a tag or a digest."""
        used = {fragment.written for image in self._images for fragment in image.value.fragments}
        for name, written in self._own.items():
            value = self._arguments[name]
            if value.is_known and len(value.fragments) == 1 and written not in used and _is_pinned(value.text):
                self._bases.setdefault(value.fragments[0], [])
        for fragment, users in self._bases.items():
            home = fragment.written.home
            homes = users if home is None else [home, *users]
            field = f"ARG {self._names[fragment.written]}"
            yield Image(field, "", fragment.written, Value((fragment,)), tuple(homes))


def _is_pinned(text: str) -> bool:
    """Whether a text is an image with a tag or a digest. A digest alone would also read as one, called `sha256`."""
    return image_in(text) == (0, len(text)) and not DIGEST.fullmatch(text)


def _base_in(instruction: Instruction) -> _Base | None:
    """Read what follows FROM: an image, or an image, AS and the name of the stage."""
    text = instruction.text.text
    words = list(islice(_WORD.finditer(text, flags_in(text, instruction.begin)[1]), 4))
    match words:
        case [image]:
            return _Base(*image.span(), "")
        case [image, keyword, stage] if keyword[0].upper() == b"AS":
            return _Base(*image.span(), stage[0].decode())
    return None


def _stages_of(script: Script) -> set[str]:
    bases = (_base_in(each) for each in script.instructions if each.keyword == "FROM" and not each.is_trigger)
    return {base.stage.lower() for base in bases if base and base.stage}


def _is_stage(text: str, stages: set[str]) -> bool:
    return text == _SCRATCH or text.lower() in stages


def _last_from(pieces: Iterable[Piece]) -> list[Piece]:
    """Give the one that counts of the pieces called `from`, in a list that may be empty."""
    return [piece for piece in pieces if piece.name == "from"][-1:]
