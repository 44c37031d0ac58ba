"""Column types that let into the database only what SQLite and PostgreSQL both hold, and give back what was put in.

Text from outside is the reason: PostgreSQL refuses NUL and lone surrogates and cannot index long values, SQLite takes
them. Checking in the type covers every statement, the searches too.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from bot.store.errors import UnstorableValue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LARGEST_NUMBER = 2**63 - 1
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# PostgreSQL's B-tree takes index rows of up to 2704 bytes: a key of two names must stay below it.
LONGEST_NAME = 2048


def check_name(text: str, what: str, limit: int = LONGEST_NAME) -> str:
    """Return `text` if both databases can hold and index it; `limit` is in bytes of UTF-8.

    Raises UnstorableValue, whose sentence names `what` and never the text itself.
    """
    if "\0" in text:
        raise UnstorableValue(f"{what} holds a NUL character; refuse it where it came in")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise UnstorableValue(f"{what} is not valid Unicode text; refuse it where it came in") from None
    if size > limit:
        raise UnstorableValue(f"{what} has {size} bytes, at most {limit} are stored; refuse it where it came in")
    return text


def check_moment(moment: datetime) -> datetime:
    """Return `moment` if it has a time zone; raises UnstorableValue if it has none."""
    if moment.tzinfo is None:
        raise UnstorableValue("a time without a time zone cannot be stored; pass an aware datetime")
    return moment


def cleaned(text: str) -> str:
    """Return `text` with NUL characters and lone surrogates replaced by U+FFFD, which both databases hold."""
    if "\0" in text:
        text = text.replace("\0", _REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(_REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in text)
    return text


class Name(TypeDecorator[str]):
    """Text that identifies something: refused when it cannot be held, never changed. `limit` is in bytes of UTF-8."""

    impl = Text
    cache_ok = True

    def __init__(self, what: str, limit: int = 255) -> None:
        self.what = what
        self.limit = limit
        super().__init__()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Check what goes in."""
        return None if value is None else check_name(value, self.what, self.limit)


class Prose(TypeDecorator[str]):
    """Text for people: cleaned, and cut after 4,000 characters."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean what goes in."""
        return None if value is None else cleaned(value[:4000])


class Document(TypeDecorator[str]):
    """Whole files and JSON: cleaned, never cut; JSON stays JSON, for it holds no bare NUL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean what goes in."""
        return None if value is None else cleaned(value)


class Number(TypeDecorator[int]):
    """An id or a count of somebody else's: refused outside 64 bits."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Check what goes in."""
        if value is not None and abs(value) > _LARGEST_NUMBER:
            raise UnstorableValue("a number needs more than 64 bits; refuse it where it came in")
        return value


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since 1970 in UTC: one order and one precision on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Turn an aware datetime into microseconds."""
        return None if value is None else (check_moment(value) - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn microseconds into an aware datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


def row_number() -> BigInteger:
    """Return the type of a key that the database counts up (SQLite counts only columns of its own INTEGER)."""
    return BigInteger().with_variant(Integer(), "sqlite")
