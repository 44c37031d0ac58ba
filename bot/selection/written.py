"""What stands in a version as it is written, before any of it is compared."""

from __future__ import annotations

from typing import NamedTuple


class Written(NamedTuple):
    """A version taken apart: `v1.25.3.2-rc1-alpine` has the numbers 1, 25, 3, the fourth 2 and the rest -rc1-alpine.

    `numbers` are one to three texts of digits. `fourth` is the number after them, None where there is none. `rest` is
    all that follows, with the sign before it. `form` tells ways of writing apart that must not be mixed.
    """

    v: bool
    numbers: tuple[str, ...]
    fourth: str | None
    rest: str
    form: str = ""
