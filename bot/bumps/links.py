"""Links in what the bot writes: to places of one GitHub only, whatever a stranger's text would like to link to."""

from __future__ import annotations

import re
from typing import Final

# Without TLS only this very machine, where the sandbox runs.
_SITE = re.compile(r"(?:https://[A-Za-z0-9.-]+|http://127\.0\.0\.1)(?::[0-9]{1,5})?(?=/|$)")
# What needs no escape in an address, nor inside the parentheses of a link in Markdown.
_REST = re.compile(r"(?:/[A-Za-z0-9._~%/?#=&+,:@!-]*)?")
_LONGEST: Final = 2_000


def site_of(url: str) -> str:
    """Return scheme and host of a page ("https://github.com"); "" for what is neither https nor on this machine."""
    match = _SITE.match(url)
    return match[0] if match else ""


def link(shown: str, url: str, site: str) -> str:
    """Write a link where `url` is a page of `site`, else only what is shown. `shown` is Markdown that is safe."""
    return f"[{shown}]({url})" if is_of(url, site) else shown


def is_of(url: str, site: str) -> bool:
    """Whether an address is one of a site, and written so that it cannot end a link early."""
    if not site or not url.startswith(site) or len(url) > _LONGEST:
        return False
    return _REST.fullmatch(url, len(site)) is not None
