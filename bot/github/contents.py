"""Contents of files that are exactly what their git id promises."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

_SHA256_DIGITS: Final = 64


def blob_oid(content: bytes, like: str = "") -> str:
    """Return git's id of a blob, in the hash of `like`: SHA-256 for an id of 64 digits, else SHA-1."""
    framed = b"blob %d\0%b" % (len(content), content)
    if len(like) == _SHA256_DIGITS:
        return hashlib.sha256(framed).hexdigest()
    return hashlib.sha1(framed, usedforsecurity=False).hexdigest()


def text_content(oid: str, blob: dict[str, Any] | None) -> bytes | None:
    """Take the content of a blob out of a GraphQL answer; None where its text is cut, lossy or missing."""
    text = (blob or {}).get("text")
    if not isinstance(text, str) or (blob or {}).get("isTruncated"):
        return None
    content = text.encode("utf-8", "surrogatepass")
    return content if blob_oid(content, oid) == oid else None


async def read_blob(channel: RepositoryChannel, oid: str, *, scope: Scope = Scope.READ) -> bytes:
    """Read one blob byte by byte through REST. Raises NotFound, and UnexpectedAnswer when it is not that blob."""
    answer = await channel.rest("GET", "/git/blobs/{oid}", {"oid": oid}, scope=scope)
    try:
        content = base64.b64decode(answer.data["content"])
    except (KeyError, TypeError, ValueError):
        raise UnexpectedAnswer(f"the answer holds no blob {oid}") from None
    if blob_oid(content, oid) != oid:
        raise UnexpectedAnswer(f"the content GitHub sent is not blob {oid}")
    return content
