"""How findings are named in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.findings import Finding


def object_of(finding: Finding) -> str:
    """Name the object and the container that a finding is about: "Deployment shop/api, container server"; may be ""."""
    name = "/".join(filter(None, (finding.namespace, finding.name)))
    container = f"container {finding.container}" if finding.container else ""
    return ", ".join(filter(None, (f"{finding.kind} {name}".strip(), container)))


def counted(number: int, what: str) -> str:
    """Count things: "1 finding", "2 findings", "no findings"."""
    return f"{f'{number:,}' if number else 'no'} {what}{'' if number == 1 else 's'}"
