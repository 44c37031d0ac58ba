"""What a policy says of an image, as it stands in the file: its name, its tags, its platforms, who may read it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.images import ImageReference, InvalidImageReference, InvalidPlatform, Platform, is_tag, quoted
from bot.policies.values import read_text, refuse
from bot.selection import Constraint, InvalidConstraint

NAME_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)?"
LONGEST_NAME: Final = 255

_NAME = re.compile(NAME_PATTERN)
_CREDENTIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_GLOB: Final = frozenset("*?")
_ANY_LETTER: Final = "x"


def read_image(value: object) -> ImageReference:
    """Read an image without tag and digest; `*` and `?` in its last segment make it a glob of images."""
    text = read_text(value)
    folder, slash, last = text.rpartition("/")
    if _GLOB & set(folder):
        refuse(f"may hold `*` and `?` in its last segment only, not {quoted(text)}")
    if "**" in last:
        refuse(f"is a glob of one segment, in which one `*` is enough, not {quoted(text)}")
    reference = _parsed(folder + slash + last.replace("*", _ANY_LETTER).replace("?", _ANY_LETTER), text)
    if reference.tag is not None or reference.digest is not None:
        refuse(f"is written without tag and digest, not {quoted(text)}; which tag it is, the policy decides")
    if not _GLOB & set(last):
        return reference
    its_folder, its_slash, _ = reference.repository.rpartition("/")
    return replace(reference, repository=its_folder + its_slash + last, original=text)


def _parsed(text: str, written: str) -> ImageReference:
    try:
        return ImageReference.parse(text)
    except InvalidImageReference as error:
        refuse(f"will not do: {quoted(written)} is not an image reference: {error.reason}")


def is_name(text: str) -> bool:
    """Whether a policy or a group may be called so."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def read_name(value: object) -> str:
    """Read the name of a policy: `name`, or `namespace:name`."""
    text = read_text(value)
    if not is_name(text):
        refuse(f"is written in letters, digits, `.`, `_`, `-`, at most {LONGEST_NAME}, not {quoted(text)}")
    return text


def read_range(value: object) -> Constraint:
    """Read a range of versions."""
    try:
        return Constraint.parse(read_text(value))
    except InvalidConstraint as error:
        refuse(f"will not do: {error}")


def read_platform(value: object) -> Platform:
    """Read a platform such as linux/arm64."""
    try:
        return Platform.parse(read_text(value))
    except InvalidPlatform as error:
        refuse(f"will not do: {error}")


def read_tag(value: object) -> str:
    """Read a tag."""
    text = read_text(value)
    if not is_tag(text):
        refuse(f"cannot be a tag: {quoted(text)}; a tag is up to 128 letters, digits, `_`, `.` and `-`")
    return text


def read_pin(value: object) -> str:
    """Read a tag, or a digest such as sha256:..."""
    text = read_text(value)
    if ":" not in text:
        return read_tag(value)
    try:
        ImageReference.parse(f"image@{text}")
    except InvalidImageReference as error:
        refuse(f"is a tag or a digest (sha256:...), not {quoted(text)}: {error.reason}")
    return text


def read_credential(value: object) -> str:
    """Read the name of a credential."""
    text = read_text(value)
    if len(text) > LONGEST_NAME or not _CREDENTIAL.fullmatch(text):
        refuse(f"is the name of a credential: letters, digits, `.`, `_` and `-`, not {quoted(text)}")
    return text
