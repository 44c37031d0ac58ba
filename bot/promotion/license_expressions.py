"""SPDX licence expressions, read with license-expression and judged with three values."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from license_expression import (
    OR,
    LicenseExpression,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

from bot.policies.license_names import NOTHING_SAID, canonical, is_exception, is_known, or_later, without_exception
from bot.promotion.verdicts import Outcome, all_hold, any_holds, opposite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST_EXPRESSION: Final = 2_000
MOST_NESTED: Final = 30


class LicenseRule:
    """Whether something may be used under some licences alone, or without any of them."""

    def __init__(self, names: Iterable[str], *, alone: bool) -> None:
        """Take the licences' names as SPDX has them, or any words. alone: only under these; else: under none.

        Who wants to do without a version of a licence does without "this version or a later one" too.
        """
        listed = frozenset(canonical(name) for name in names)
        self._names = listed if alone else listed.union(*map(or_later, listed))
        self._alone = alone

    def judge(self, expression: str) -> Outcome:
        """Judge a licence expression: OR leaves the choice to who uses it, AND demands every part.

        UNKNOWN where that depends on something that says no licence: NOASSERTION, NONE, a name or an exception that
        SPDX does not list, a LicenseRef-... that is not among the names, and a text that is no expression or is over
        2,000 characters. A text that is as a whole one of the names is that name, expression or not.
        """
        if canonical(expression) in self._names - NOTHING_SAID:
            return self._licensed(Outcome.TRUE)
        read = parsed(expression)
        return Outcome.UNKNOWN if read is None else self._judge(read)

    def _judge(self, expression: LicenseExpression) -> Outcome:
        if isinstance(expression, LicenseWithExceptionSymbol):
            return self._judge_with(expression)
        if isinstance(expression, LicenseSymbol):
            name = canonical(expression.key)
            return self._judge_names(name, (name, without_exception(name)))
        join: Callable[[Iterable[Outcome]], Outcome] = any_holds if isinstance(expression, OR) else all_hold
        return join(self._judge(part) for part in expression.args)

    def _judge_with(self, expression: LicenseWithExceptionSymbol) -> Outcome:
        """Take a licence with an exception for that licence too: an exception only ever permits more.

        Nobody knows what an exception permits that neither SPDX nor the names list: a licence that must not be used is
        still that licence, and all else is unknown.
        """
        name, exception = canonical(expression.license_symbol.key), expression.exception_symbol.key
        whole = canonical(f"{name} with {exception}")
        if is_exception(exception) or whole in self._names or (name in self._names and not self._alone):
            return self._judge_names(name, (whole, name))
        return Outcome.UNKNOWN

    def _judge_names(self, name: str, alternatives: tuple[str, ...]) -> Outcome:
        if name in NOTHING_SAID:
            return Outcome.UNKNOWN
        if not self._names.isdisjoint(alternatives):
            return self._licensed(Outcome.TRUE)
        return self._licensed(Outcome.FALSE) if is_known(name) else Outcome.UNKNOWN

    def _licensed(self, under_them: Outcome) -> Outcome:
        return under_them if self._alone else opposite(under_them)


def parsed(expression: str) -> LicenseExpression | None:
    """Read an SPDX licence expression (SPDX specification 2.3, annex D); None where it is none, or too long or deep."""
    if len(expression) > LONGEST_EXPRESSION or _depth(expression) > MOST_NESTED:
        return None
    try:
        return _licensing().parse(expression, simple=True)
    except Exception:  # noqa: BLE001 - the library's own errors are not all of one kind: "()" is an IndexError
        return None


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


def _depth(text: str) -> int:
    deepest = depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest
