"""The part of docs/rules.md that is written from the rules."""

from __future__ import annotations

from typing import Final

from bot.findings.telling_rules import rules_in_words

BEGIN: Final = "<!-- from the rules: begin -->"
END: Final = "<!-- from the rules: end -->"


def with_rules(page: str) -> str:
    """Write the rules into a page of Markdown, between the comments BEGIN and END.

    Raises ValueError where the page lacks one of them.
    """
    before, begin, behind = page.partition(BEGIN)
    _, end, after = behind.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs the two comments {BEGIN} and {END}")
    return "\n".join((before + begin, "", rules_in_words(), "", end + after))
