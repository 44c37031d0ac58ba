"""Tokens of YAML as policy files need them: ruamel's scanner, which gives up early on what would take it seconds."""

from __future__ import annotations

import re
from typing import Any, Final, NoReturn

from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import ScalarToken

from bot.policies.tree import Place

MOST_DEPTH: Final = 50
LONGEST_SCALAR: Final = 20_000

TOO_DEEP: Final = f"values are nested more than {MOST_DEPTH} deep"
_TOO_LONG: Final = f"this text has more than {LONGEST_SCALAR} characters"
_PLAIN_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?=:[ \n])")
_LONG_WORD: Final = {
    False: re.compile(rf"\S{{{LONGEST_SCALAR}}}"),
    True: re.compile(rf"[^\s,\[\]{{}}]{{{LONGEST_SCALAR}}}"),
}
_LONG_QUOTED_WORD: Final = {
    False: re.compile(rf"(?:[^\s']|''){{{LONGEST_SCALAR}}}"),
    True: re.compile(rf'(?:[^\s"\\]|\\.){{{LONGEST_SCALAR}}}'),
}
_LONG_LINE: Final = re.compile(rf"[^\r\n\x85\u2028\u2029]{{{LONGEST_SCALAR}}}")


class UnreadableYaml(ValueError):
    """A text that is not YAML, or YAML that goes beyond what a policy file needs. Line and column are in `.place`."""

    def __init__(self, place: Place, reason: str) -> None:
        self.place = place
        self.reason = reason
        super().__init__(f"line {place.line}, column {place.column}: {reason}")


class PlainScanner(Scanner):
    """A scanner without tags and directives: no policy needs them, and reading a long tag takes quadratic time.

    It reads ahead of the parser, through as many brackets as there are, so it looks itself how deep they are. It steps
    from character to character, so it looks ahead, in one step, for texts that are too long.
    """

    def need_more_tokens(self) -> bool:
        """Answer as the scanner itself does, sooner where nothing that was read may still turn out to be a key."""
        if self.tokens and not self.possible_simple_keys:
            return False
        return bool(super().need_more_tokens())

    def fetch_tag(self) -> NoReturn:
        """Refuse a tag."""
        self._refuse("YAML tags (!...) are not understood here")

    def fetch_directive(self) -> NoReturn:
        """Refuse a directive."""
        self._refuse("YAML directives (%...) are not understood here")

    def fetch_flow_collection_start(self, TokenClass: type, to_push: str) -> None:  # noqa: N803 - the scanner's name
        """Read the beginning of a list or mapping in brackets, unless it is too deep."""
        if self.flow_level >= MOST_DEPTH:
            self._refuse(TOO_DEEP)
        super().fetch_flow_collection_start(TokenClass, to_push)

    def scan_plain(self) -> Any:
        """Take a key of letters, the most common text by far, in one step."""
        reader = self.reader
        key = _PLAIN_KEY.match(reader.buffer, reader.pointer)
        if key is None:
            self._look_ahead(_LONG_WORD[self.flow_level > 0])
            return super().scan_plain()
        start = reader.get_mark()
        length = len(key.group())
        reader.pointer += length
        reader.index += length
        reader.column += length
        self.allow_simple_key = False
        return ScalarToken(key.group(), True, start, reader.get_mark())

    def scan_plain_spaces(self, indent: int, start_mark: Any) -> Any:
        """Read what stands between two words of a text without quotes, unless it is too long."""
        spaces = super().scan_plain_spaces(indent, start_mark)
        self._refuse_long(start_mark)
        self._look_ahead(_LONG_WORD[self.flow_level > 0])
        return spaces

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: Any) -> Any:
        """Read a word of a text in quotes, unless it is too long."""
        self._refuse_long(start_mark)
        self._look_ahead(_LONG_QUOTED_WORD[double])
        return super().scan_flow_scalar_non_spaces(double, start_mark)

    def scan_block_scalar(self, style: Any, rt: bool | None = False) -> Any:
        """Read a text in indented lines."""
        self._block_start = self.reader.get_mark()
        return super().scan_block_scalar(style, rt)

    def scan_block_scalar_breaks(self, indent: int) -> Any:
        """Read what stands before a line of such a text, unless it is too long."""
        breaks = super().scan_block_scalar_breaks(indent)
        self._refuse_long(self._block_start)
        self._look_ahead(_LONG_LINE)
        return breaks

    def _look_ahead(self, too_long: re.Pattern[str]) -> None:
        if too_long.match(self.reader.buffer, self.reader.pointer):
            self._refuse(_TOO_LONG)

    def _refuse_long(self, start_mark: Any) -> None:
        if self.reader.index - start_mark.index > LONGEST_SCALAR:
            raise UnreadableYaml(Place(start_mark.line + 1, start_mark.column + 1), _TOO_LONG)

    def _refuse(self, reason: str) -> NoReturn:
        mark = self.reader.get_mark()
        raise UnreadableYaml(Place(mark.line + 1, mark.column + 1), reason)
