"""messageTemplate: Flux's template of a commit message, said with the placeholders of this project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.policies.flux.templates import Action, Text, UnreadableTemplate, tokens
from bot.policies.placeholders import LONGEST_MESSAGE, MESSAGE_PLACEHOLDERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.policies.flux.templates import Token

# `.Updated` and `.Changed.ImageResult` are how older versions of Flux called the same.
_LISTS: Final = {
    ".Changed.Changes": "{changes}",
    ".Changed.Objects": "{objects}",
    ".Changed.FileChanges": "{files}",
    ".Changed.ImageResult.Images": "{changes}",
    ".Changed.ImageResult.Objects": "{objects}",
    ".Changed.ImageResult.Files": "{files}",
    ".Updated.Images": "{changes}",
    ".Updated.Objects": "{objects}",
    ".Updated.Files": "{files}",
}
_PLACEHOLDER = re.compile("|".join(re.escape(f"{{{name}}}") for name in sorted(MESSAGE_PLACEHOLDERS)))
_RANGE = re.compile(r"range\s+(?:\$\w*\s*(?:,\s*\$\w*\s*)?:=\s*)?\$?(\.[\w.]+)")
_VALUE = re.compile(r"\$?\.Values\.(\w+)")
_INDEXED_VALUE = re.compile(r'index\s+\$?\.Values\s+"([^"\\]*)"')
_LITERAL = re.compile(r'"([^"\\]*)"|`([^`]*)`')
_PRINTED = re.compile(r"(println|print)\s+(\S.*)", re.DOTALL)
_OPENING: Final = frozenset({"range", "if", "with", "define", "block"})
_STRUCTURE: Final = frozenset({"end", "else"}) | _OPENING


def translate(template: str, namespace: str, name: str, values: Mapping[str, str]) -> str:
    """Say a messageTemplate of the automation `namespace`/`name` with {changes}, {objects} and {files}.

    What the automation and its `values` (messageTemplateValues) hold is filled in; a range over what changed becomes
    the placeholder, whatever it writes for each item. Raises UnreadableTemplate, with the part that cannot be said.
    """
    if len(template) > LONGEST_MESSAGE:
        raise UnreadableTemplate(template)
    return _Translation(namespace, name, values).of(tokens(template))


class _Translation:
    def __init__(self, namespace: str, name: str, values: Mapping[str, str]) -> None:
        self._values = values
        self._known = {
            ".AutomationObject": f"{namespace}/{name}",
            ".AutomationObject.Namespace": namespace,
            ".AutomationObject.Name": name,
        }
        self._message = ""
        self._placeholders: set[int] = set()

    def of(self, found: Sequence[Token]) -> str:
        at = 0
        while at < len(found):
            token = found[at]
            if isinstance(token, Text):
                self._message += token.text
            elif token.word == "range":
                at = self._range(found, at)
            else:
                self._message += self._value(token)
            at += 1
        self._check()
        return self._message

    def _check(self) -> None:
        """Refuse what would be read otherwise than it was meant, or cannot stand in a commit message."""
        if len(self._message) > LONGEST_MESSAGE or not self._message.strip():
            raise UnreadableTemplate(self._message)
        for match in _PLACEHOLDER.finditer(self._message):
            if match.start() not in self._placeholders:
                raise UnreadableTemplate(match[0])
        for letter in self._message:
            if not letter.isprintable() and letter not in "\t\n":
                raise UnreadableTemplate(letter)

    def _range(self, found: Sequence[Token], begin: int) -> int:
        """Write the placeholder for a range, and tell where it ends."""
        action = found[begin]
        assert isinstance(action, Action)
        match = _RANGE.fullmatch(action.body)
        placeholder = _LISTS.get(match[1]) if match else None
        end = _end_of(found, begin)
        if placeholder is None or end is None:
            raise UnreadableTemplate(action.part)
        body = found[begin + 1 : end]
        self._message += "\n" if _begins_a_line(body) else ""
        self._placeholders.add(len(self._message))
        self._message += placeholder + ("\n" if _ends_a_line(body) else "")
        return end

    def _value(self, action: Action) -> str:
        """Fill in what an action stands for."""
        printed = _PRINTED.fullmatch(action.body)
        body = printed[2] if printed else action.body
        after = "\n" if printed and printed[1] == "println" else ""
        if literal := _LITERAL.fullmatch(body):
            return (literal[1] or literal[2] or "") + after
        name = _VALUE.fullmatch(body) or _INDEXED_VALUE.fullmatch(body)
        value = self._values.get(name[1]) if name else self._known.get(body.removeprefix("$"))
        if value is None:
            raise UnreadableTemplate(action.part)
        return value + after


def _end_of(found: Sequence[Token], begin: int) -> int | None:
    """Find the `end` of what is opened at `begin`."""
    depth = 0
    for at in range(begin, len(found)):
        token = found[at]
        word = token.word if isinstance(token, Action) else ""
        depth += (word in _OPENING) - (word == "end")
        if depth == 0:
            return at
    return None


def _begins_a_line(body: Sequence[Token]) -> bool:
    return bool(body) and isinstance(body[0], Text) and body[0].text.startswith("\n")


def _ends_a_line(body: Sequence[Token]) -> bool:
    for token in reversed(body):
        if isinstance(token, Text):
            return token.text.endswith("\n")
        if token.word not in _STRUCTURE:
            return token.word == "println"
    return False
