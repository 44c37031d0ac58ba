"""Node ids and the object id that means "nothing"."""

from __future__ import annotations

import base64

ZERO_OID = "0" * 40
GHOST_EMAIL = "noreply@github.com"


def node_id(prefix: str, number: int) -> str:
    """Global node id in GitHub's newer form, for example ``R_kgDO...``; the prefix names the type."""
    packed = base64.urlsafe_b64encode(number.to_bytes(6, "big")).decode().rstrip("=")
    return f"{prefix}_kgDO{packed}"
