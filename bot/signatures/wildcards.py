"""Names with `*` in them, in time that grows with their length alone."""

from __future__ import annotations


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole text is what the pattern says; each `*` stands for any characters, none too.

    Letters count as written, upper and lower case apart.
    """
    first, *others = pattern.split("*")
    if not others:
        return text == pattern
    last = others.pop()
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    position, end = len(first), len(text) - len(last)
    for piece in others:
        found = text.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True
