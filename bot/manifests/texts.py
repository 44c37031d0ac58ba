"""An image or a tag within a text that a person marked: where it stands there, and how a new tag is spelled there."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.images import is_tag
from bot.manifests.references import reference_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN: Final = re.compile(r"[^\s\"'`=,;|&<>()\[\]{}]+")
_WORD: Final = re.compile(r"[A-Za-z0-9_.+-]+")
_LONGEST_WORD: Final = 256
_VERSION: Final = re.compile(r"[0-9]\.[0-9]|(?<![A-Za-z0-9])[vV][0-9]")
_VERSION_TAG: Final = re.compile(r"[vV]?[0-9]+\.[0-9]|[vV][0-9]")

_PRE_RELEASE: Final = (
    r"(?:[-_.]?(?:alpha|beta|rc|preview|pre|dev|snapshot|canary|nightly|[abm](?=[0-9]))(?![a-z])(?:[-.]?[0-9]+)?"
    r"(?:\.[0-9]+)*(?![0-9a-z])|-[0-9]+(?:\.[0-9]+)*(?![0-9a-z]))*+"
)
_DOTTED: Final = rf"[0-9]+(?:\.[0-9]+)+{_PRE_RELEASE}"
_APART: Final = re.compile(rf"(?:^|(?<=[-_+])|(?<=[^0-9]\.))v?{_DOTTED}", re.IGNORECASE)
_GLUED: Final = re.compile(rf"(?<=[a-z]){_DOTTED}", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"[vV][0-9]+(?=[-_])")
_PURE: Final = re.compile(rf"v?[0-9]+(?:\.[0-9]+)*{_PRE_RELEASE}", re.IGNORECASE)
_OPEN_END: Final = re.compile(r"\.[xX*](?![A-Za-z0-9])")
_FILE_ENDING: Final = re.compile(r"(?:\.[A-Za-z][A-Za-z0-9]*)+\Z")
_DIGEST: Final = re.compile(r"sha(?:256|384|512):[0-9a-f]{64,128}")


def image_in(text: str) -> tuple[int, int] | None:
    """Find the one image reference in a marked text: the characters from start to end, or None.

    It is the whole text where that reads as a reference with a tag or a digest, else the one word that does
    (`--image=ghcr.io/acme/app:1.9.0`): words are split at white space, quotes, brackets, `=` and the signs of a shell.
    A word without a slash counts only where its tag looks like a version or a digest pins it. Addresses, times and URLs
    are no images; where two words might be meant, none is.
    """
    found = _images(text)
    return found[0] if len(found) == 1 else None


def tag_in(text: str, *, is_version: bool = False) -> tuple[int, int] | None:
    """Find the one tag in a marked text: the characters from start to end, or None. `is_version`: only one that is.

    It is the whole text where that can be a tag; the tag of the one image in it; the one dotted number; or the value of
    `KEY=VALUE` where no dotted number stands in the text. Such a number begins with its `v`, whatever stands before it
    in its word, and what follows it there belongs to it, but for the ending of a file: it is the `1.9.0-debug` of
    `--chart=app-1.9.0-debug.tgz`. So what is found is what a registry may call a tag.
    """
    found = _tag(text)
    is_wanted = found is not None and (not is_version or has_version(text[slice(*found)]))
    return found if is_wanted else None


def has_version(text: str) -> bool:
    """Whether a text looks as if a version stood in it: a dotted number, or a `v` with a number behind it."""
    return _VERSION.search(text) is not None


def respelled(stands: str, wish: str) -> str:
    """Spell the tag `wish` where the tag `stands` stands and more than the policy's tag may be written there.

    A version with something beside it that tells no pre-release keeps that: `1.9.0-debug` and the wish 2.0.0 make
    `2.0.0-debug`, `app-1.9.0` makes `app-2.0.0`. Everything else becomes the wish as it is: a `v` stands where the wish
    has one, a wish that is more than a version says all of it, and where the new version would not be found again in
    its place, nothing is kept. Repeating the same wish changes nothing.
    """
    if not is_tag(stands) or not is_tag(wish) or not _PURE.fullmatch(wish):
        return wish
    version = _version_in(stands)
    if version is None:
        return wish
    start, end = version
    spelled = stands[:start] + wish + stands[end:]
    found_again = _version_in(spelled) == (start, start + len(wish))
    return spelled if found_again and is_tag(spelled) else wish


def _tag(text: str) -> tuple[int, int] | None:
    if is_tag(text):
        return 0, len(text)
    images = _images(text)
    if images:
        return _tag_of_image(text, images[0]) if len(images) == 1 else None
    found = list(islice(_versions(text), 2))
    if found:
        return found[0] if len(found) == 1 else None
    return _assigned(text)


def _images(text: str) -> list[tuple[int, int]]:
    """Find one image in a text, or two where there are several."""
    return [(0, len(text))] if _is_pinned(text) else list(islice(_image_words(text), 2))


def _is_pinned(text: str) -> bool:
    """Whether a text is an image with a tag or a digest, and no digest alone, which reads as an image as well."""
    reference = reference_in(text)
    if reference is None or _is_address_or_time(text) or _DIGEST.fullmatch(text):
        return False
    return reference.tag is not None or reference.digest is not None


def _is_address_or_time(reference: str) -> bool:
    """Whether what reads as a reference is rather `host.example:5432`, `localhost:80` or `12:30`."""
    if "/" in reference or "@" in reference:
        return False
    name, _, behind = reference.partition(":")
    return name.isdigit() or (behind.isdigit() and (name == "localhost" or "." in name))


def _image_words(text: str) -> Iterator[tuple[int, int]]:
    for word in _RUN.finditer(text):
        if _is_image_word(word[0]):
            yield word.span()


def _is_image_word(word: str) -> bool:
    if (":" not in word and "@" not in word) or not _is_pinned(word):
        return False
    if "/" in word or "@" in word:
        return True
    return _VERSION_TAG.match(word.partition(":")[2]) is not None


def _tag_of_image(text: str, image: tuple[int, int]) -> tuple[int, int] | None:
    start, end = image
    reference = reference_in(text[start:end])
    if reference is None or reference.tag is None:
        return None
    before_digest = text[start:end].partition("@")[0]
    return start + len(before_digest) - len(reference.tag), start + len(before_digest)


def _versions(text: str) -> Iterable[tuple[int, int]]:
    for run in _WORD.finditer(text):
        word = run[0].lstrip(".+-")
        start = run.end() - len(word)
        word = word.rstrip(".+-")
        version = _version_of(word) if len(word) <= _LONGEST_WORD else None
        if version is not None:
            yield start + version[0], start + version[1]


def _version_of(word: str) -> tuple[int, int] | None:
    """Find the version in a word, with the suffix behind it; None where a tag could not be called so (`1.9.0+5`)."""
    match = _dotted_in(word)
    if match is None:
        return None
    start, end = match.span()
    if not word.startswith(".", end):
        ending = _FILE_ENDING.search(word, end)
        end = ending.start() if ending else len(word)
    return (start, end) if is_tag(word[start:end]) else None


def _assigned(text: str) -> tuple[int, int] | None:
    """Find the value of `KEY=VALUE`, which may stand in quotes."""
    behind = text.partition("=")[2].lstrip()
    start = len(text) - len(behind)
    value = behind.rstrip()
    if value[:1] in {'"', "'"} and value[-1:] == value[:1]:
        start, value = start + 1, value[1:-1]
    return (start, start + len(value)) if is_tag(value) else None


def _version_in(tag: str) -> tuple[int, int] | None:
    """Find the version in a tag that is more than one: None where it is all of it, or where none is found.

    It is the dotted number; else a number with a `v` that begins the tag.
    """
    match = _dotted_in(tag) or _NUMBERED.match(tag)
    return None if match is None or match.end() - match.start() == len(tag) else match.span()


def _dotted_in(word: str) -> re.Match[str] | None:
    """Find the first dotted number at the beginning or behind a separator, else the first at all (`python3.11`)."""
    match = _APART.search(word) or _GLUED.search(word)
    return None if match is None or _OPEN_END.match(word, match.end()) else match
