"""Texts that stand for an image and are no image reference."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.findings.filling import is_exchanged, is_filled_in, is_residue
from bot.findings.image_places import ImagePlace, is_new_name, is_no_text, is_number, place_of
from bot.findings.naming import named
from bot.findings.rule import Asked, Found, ImageRule, Page
from bot.images import is_tag
from bot.manifests.occurrences import Part
from bot.manifests.references import DIGEST, reference_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.findings.subjects import Image
    from bot.manifests.occurrences import Held

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://")
_FROM: Final = "FROM"
_MEND: Final = "Write `registry/repository:tag`, or `registry/repository@sha256:...`."


def _look(image: Image, asked: Asked) -> Iterator[Found]:
    problem = _problem(image, asked)
    if problem is not None and not is_filled_in(image) and not is_exchanged(image, asked):
        where = image.occurrence
        yield Found((where.line, where.line), where.field, problem, _mend(where.text))


def _problem(image: Image, asked: Asked) -> str | None:
    """Say what is wrong with an image, None: nothing, or nobody can tell whether an image must stand there."""
    occurrence, place = image.occurrence, place_of(image)
    if place is ImagePlace.ELSEWHERE:
        return None
    if place is ImagePlace.KUSTOMIZE:
        return next(filter(None, (_problem_of_part(each, asked) for each in image.held.held)), None)
    if place is ImagePlace.DOCKERFILE and occurrence.field != _FROM:
        return None
    if is_no_text(image):
        return f"{named(occurrence.text)} is read as a number or a truth value, and an image is a text."
    is_null = not occurrence.text and any(each.is_plain for each in image.held.held)
    return None if occurrence.reference is not None or is_null else _said_of(occurrence.text)


def _problem_of_part(held: Held, asked: Asked) -> str | None:
    """Look at one part of an entry of kustomize's `images`; its `name` may be any text that manifests hold."""
    text = held.value
    if not text or is_residue(text):
        return None
    if held.part is not Part.NAME and held.is_plain and is_number(held.text):
        return f"{named(text)} is read as a number or a truth value, which kustomize refuses for a text."
    if held.part is Part.TAG and not is_tag(text):
        return f"{named(text)} cannot be a tag."
    if held.part is Part.DIGEST and not DIGEST.fullmatch(text):
        return f"{named(text)} is no digest: `sha256:` and 64 hexadecimal digits in lower case."
    if held.part is Part.NAME and is_new_name(held, asked.file.content) and reference_in(text) is None:
        return _said_of(text)
    return None


def _said_of(text: str) -> str:
    """Say in a sentence why a text is no image reference (github.com/distribution/reference)."""
    if not text.strip():
        return "An image must stand here, and the text is empty."
    if _SCHEME.match(text):
        return f"{named(text)} is an address: an image reference has no {named(text.partition('://')[0] + '://')}."
    if any(character.isspace() for character in text):
        return f"{named(text)} is no image reference: there is white space in it."
    if reference_in(text.lower()) is not None:
        return f"{named(text)} is no image reference: a repository and a digest are written in lower case."
    return f"{named(text)} is no image reference: {_wrong_part(text)}."


def _wrong_part(text: str) -> str:
    name, at, digest = text.partition("@")
    path, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    if not last:
        return "it has no name"
    if at and not DIGEST.fullmatch(digest):
        return "a digest is `sha256:` and 64 hexadecimal digits in lower case"
    if colon and not is_tag(tag):
        return f"{named(tag)} cannot be a tag" if tag else "no tag stands behind the colon"
    return f"{named(path + slash + last)} cannot be the name of an image"


def _mend(text: str) -> str:
    without = _SCHEME.sub("", text, count=1).strip()
    if without != text and reference_in(without) is not None:
        return f"Write {named(without)}."
    return _MEND


RULE = ImageRule(
    "invalid-image-reference",
    _look,
    Page(
        why="Nothing can be pulled by a text that is no image reference: the pod stays in `InvalidImageName`, or the"
        " object is refused, when the change is merged already.",
        mend="Write `registry/repository:tag`, or `registry/repository@sha256:...` with 64 hexadecimal digits. The"
        ' repository is in lower case. Put quotes around what would be read as a number: `newTag: "1.10"`.',
        silent=(
            "A template or something else is to fill the text in.",
            "No image needs to stand there: the values of a chart, arguments of a Dockerfile, its stages, `scratch`.",
            "Nothing at all is written, or `null`.",
            "It is the `name` of an entry in kustomize's `images`, which may be any text that manifests hold.",
        ),
        sources=(
            "github.com/distribution/reference: the grammar of references.",
            "OCI Image Format Specification, Content Descriptors: Digests.",
        ),
        bad="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/Acme/App:1.4.2
""",
        good="""\
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
    - name: app
      image: ghcr.io/acme/app:1.4.2
""",
    ),
)
