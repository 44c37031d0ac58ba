"""What every value of a policy file is read with: the text as it stands in the file, and how to refuse it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from pydantic_core import PydanticCustomError

from bot.images import quoted
from bot.policies.problems import suggestion
from bot.policies.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_OFF: Final = frozenset({"off", "false", "no"})
_MOST_DIGITS: Final = 9
_Word = TypeVar("_Word", bound=Enum)


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


def is_flag(value: object) -> bool:
    """Whether a value is true or false as YAML 1.2 has it: without quotes."""
    return isinstance(value, Scalar) and value.plain and value.text.lower() in {"true", "false"}


def read_flag(value: object) -> bool:
    """Read true or false, without quotes."""
    if isinstance(value, Scalar) and is_flag(value):
        return value.text.lower() == "true"
    refuse("is true or false, without quotes")


def is_off(value: object) -> bool:
    """Whether a value is `off`, in any of the spellings that YAML's versions have for it: off, false, no."""
    return isinstance(value, Scalar) and value.text.lower() in _OFF


def read_one_of(value: object, allowed: Collection[str]) -> str:
    """Read one of a few words."""
    text = read_text(value)
    if text not in allowed:
        refuse(f"is one of {', '.join(sorted(allowed))}, not {quoted(text)}{suggestion(text, allowed)}")
    return text


def reader_of(words: type[_Word]) -> Callable[[object], _Word]:
    """Make the reader of an enum whose values are the words in the file."""
    allowed = frozenset(str(word.value) for word in words)

    def read(value: object) -> _Word:
        return words(read_one_of(value, allowed))

    return read


def reader_of_number(least: int, most: int) -> Callable[[object], int]:
    """Make the reader of a whole number, written in decimal digits."""

    def read(value: object) -> int:
        text = read_text(value)
        is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if not is_number or not least <= int(text) <= most:
            refuse(f"is a whole number from {least} to {most}, not {quoted(text)}")
        return int(text)

    return read


def read_version(value: object) -> int:
    """Read the version of the policy file's format; there is one."""
    text = read_text(value)
    if text != "1":
        refuse(f"is 1; version {quoted(text)} is not known")
    return 1
