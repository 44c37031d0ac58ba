"""What a finding says, as plain text of a bounded length: names in files may be as long as the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.safe_text import LONGEST_PIECE, shortened

if TYPE_CHECKING:
    from bot.findings.finding import Finding

LONGEST: Final = 2_000
"""Characters of all that a finding says."""


def said(finding: Finding) -> str:
    """Give what is wrong and what to do. It is a stranger's text: names in it are as they stand in the file."""
    return shortened(f"{finding.message} {finding.mend}".strip(), LONGEST)


def owner(*names: str) -> str:
    """Write the names that tell an object or a container in one line, leaving out what there is not."""
    return " ".join(shortened(name, LONGEST_PIECE) for name in names if name)
