"""The kinds of value that a policy file holds, each read from the text that stands in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from pydantic_core import PydanticCustomError

from bot.images import ImageReference, InvalidImageReference, InvalidPlatform, Platform, quoted
from bot.policies.policy import MergeMethod
from bot.policies.problems import suggestion
from bot.policies.tree import Scalar
from bot.selection import Constraint, InvalidConstraint, InvalidPattern, Strategy, patterns

if TYPE_CHECKING:
    from collections.abc import Collection

_STRATEGIES_TO_COME: Final = frozenset({"newest-build", "digest", "alphabetical", "numerical"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?::[A-Za-z0-9][A-Za-z0-9._-]*)?")
_LONGEST_NAME: Final = 255
_LONGEST_TITLE: Final = 256
_LONGEST_LABEL: Final = 50
_LONGEST_PATH: Final = 500
_LONGEST_BRANCH: Final = 200
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TITLE_PLACEHOLDERS: Final = frozenset({"image", "from", "to"})
_BRANCH_PLACEHOLDERS: Final = frozenset({"name"})
_NOT_IN_A_BRANCH = re.compile(r"\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]|(?:^|/)[.-]|(?:\.lock|\.)(?:/|$)|^/|/$|^@$")


def refuse(message: str) -> NoReturn:
    """Say that a value will not do; `message` becomes the problem's."""
    raise PydanticCustomError("refused", "{message}", {"message": message})


def read_text(value: object) -> str:
    """Take the text as it was written: 1.10 stays "1.10", on stays "on"."""
    if not isinstance(value, Scalar):
        refuse("is a text, not a list or a mapping")
    if value.is_empty:
        refuse("has no value; write one or leave the key out")
    return value.text


def refuse_empty(value: object) -> object:
    """Let pass anything but a list without items."""
    if value == []:
        refuse("is empty; name something or leave the key out")
    return value


def read_flag(value: object) -> bool:
    """Read true or false, without quotes."""
    if isinstance(value, Scalar) and _is_flag(value):
        return value.text.lower() == "true"
    refuse("is true or false, without quotes")


def is_off(value: object) -> bool:
    """Whether a value is `off`, in any of the spellings that YAML's versions have for it: off, false, no."""
    return isinstance(value, Scalar) and value.text.lower() in {"off", "false", "no"}


def read_version(value: object) -> int:
    """Read the version of the policy file's format; there is one."""
    text = read_text(value)
    if text != "1":
        refuse(f"is 1; version {quoted(text)} is not known")
    return 1


def read_image(value: object) -> ImageReference:
    """Read an image without tag and digest."""
    text = read_text(value)
    if "*" in text or "?" in text:
        refuse(f"holds a glob, {quoted(text)}, which is not yet understood")
    try:
        reference = ImageReference.parse(text)
    except InvalidImageReference as error:
        refuse(f"will not do: {error}")
    if reference.tag is not None or reference.digest is not None:
        refuse(f"is written without tag and digest, not {quoted(text)}; which tag it is, the policy decides")
    return reference


def read_name(value: object) -> str:
    """Read the name of a policy: `name`, or `namespace:name`."""
    text = read_text(value)
    if len(text) > _LONGEST_NAME or not _NAME.fullmatch(text):
        refuse(f"is written in letters, digits, `.`, `_`, `-`, at most {_LONGEST_NAME}, not {quoted(text)}")
    return text


def read_strategy(value: object) -> Strategy:
    """Read how tags are ordered."""
    text = read_one_of(value, {strategy.value for strategy in Strategy} | _STRATEGIES_TO_COME)
    if text in _STRATEGIES_TO_COME:
        refuse(f"is {text}, which is not yet understood")
    return Strategy(text)


def read_range(value: object) -> Constraint:
    """Read a range of versions."""
    try:
        return Constraint.parse(read_text(value))
    except InvalidConstraint as error:
        refuse(f"will not do: {error}")


def read_pattern(value: object) -> str:
    """Read a regular expression of RE2."""
    text = read_text(value)
    try:
        patterns.check(text)
    except InvalidPattern as error:
        refuse(f"will not do: {error}")
    return text


def read_platform(value: object) -> Platform:
    """Read a platform such as linux/arm64."""
    try:
        return Platform.parse(read_text(value))
    except InvalidPlatform as error:
        refuse(f"will not do: {error}")


def read_path(value: object) -> str:
    """Read a glob of paths, as .gitignore has them, `!` before those to leave out."""
    text = read_text(value)
    if len(text) > _LONGEST_PATH or not text.isprintable():
        refuse(f"is a glob of at most {_LONGEST_PATH} printable characters, not {quoted(text)}")
    if ".." in text.removeprefix("!").split("/"):
        refuse(f"stays within the repository; {quoted(text)} climbs out")
    return text


def read_branch(value: object) -> str:
    """Read the name of a branch."""
    text = read_text(value)
    if not is_branch(text):
        refuse(f"cannot be a branch in git: {quoted(text)}")
    return text


def read_branch_template(value: object) -> str:
    """Read the name of a branch in which {name} stands for the policy's name."""
    text = read_text(value)
    _check_placeholders(text, _BRANCH_PLACEHOLDERS)
    if not is_branch(text.replace("{name}", "name")):
        refuse(f"cannot be a branch in git: {quoted(text)}")
    return text


def read_title(value: object) -> str:
    """Read the title of a pull request, with the placeholders {image}, {from} and {to}."""
    text = read_text(value)
    if len(text) > _LONGEST_TITLE or not text.isprintable() or not text.strip():
        refuse(f"is one line of at most {_LONGEST_TITLE} characters, not {quoted(text)}")
    _check_placeholders(text, _TITLE_PLACEHOLDERS)
    return text


def read_label(value: object) -> str:
    """Read a label."""
    text = read_text(value)
    if len(text) > _LONGEST_LABEL or not text.isprintable() or not text.strip():
        refuse(f"is a label of at most {_LONGEST_LABEL} printable characters, not {quoted(text)}")
    return text


def read_merge_method(value: object) -> MergeMethod:
    """Read how a pull request is merged."""
    return MergeMethod(read_one_of(value, {method.value for method in MergeMethod}))


def read_auto_merge(value: object) -> object:
    """Let true stand for settings with nothing set, and false for none; anything else is left to the settings."""
    if isinstance(value, dict):
        return value
    if _is_flag(value):
        return {} if read_flag(value) else None
    refuse("is true, false or a mapping of keys")


def is_branch(text: str) -> bool:
    """Whether git allows a branch of this name (git check-ref-format), and it has at most 200 characters."""
    return 0 < len(text) <= _LONGEST_BRANCH and text.isprintable() and not _NOT_IN_A_BRANCH.search(text)


def _is_flag(value: object) -> bool:
    return isinstance(value, Scalar) and value.plain and value.text.lower() in {"true", "false"}


def read_one_of(value: object, allowed: Collection[str]) -> str:
    """Read one of a few words."""
    text = read_text(value)
    if text not in allowed:
        refuse(f"is one of {', '.join(sorted(allowed))}, not {quoted(text)}{suggestion(text, allowed)}")
    return text


def _check_placeholders(text: str, known: Collection[str]) -> None:
    for name in _PLACEHOLDER.findall(text):
        if name not in known:
            allowed = ", ".join(f"{{{each}}}" for each in sorted(known))
            refuse(f"knows the placeholders {allowed}, not {quoted('{' + name + '}')}")
