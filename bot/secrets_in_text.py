"""What a secret looks like in a text: the one list of patterns, for everything that is shown to a person."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "[hidden]"

_NAME = r"password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|access[_-]?key"

NAMES_A_SECRET: Final = re.compile(rf"(?:{_NAME}|authorization|cookie|signature)$", re.IGNORECASE)
"""A name (of a field, a header, a setting) whose value is never shown."""

_QUOTE = r"\\*[\"']?"

# Cut off at the end too, and with line ends as JSON writes them. It goes first: a key has several lines, and other
# patterns would take the first of them.
_PRIVATE_KEY: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\:,.\-]*")

_PATTERNS: Final = (
    # Tokens that say what they are.
    r"\bgh[a-z]_[A-Za-z0-9_.\-]{10,}",
    r"\bgithub_pat_[A-Za-z0-9_]{10,}",
    r"\bv1\.[0-9a-f]{40}\b",
    r"\bdckr_(?:pat|oat)_[A-Za-z0-9_\-]{10,}",
    r"\bgl[a-z]{2,6}-[A-Za-z0-9_.\-]{16,}",
    r"\bxox[a-z]-[A-Za-z0-9\-]{10,}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}",
    r"\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)?",
    # Headers that hold credentials, in any way of writing them down.
    rf"(?i:\b(?:proxy-)?authorization{_QUOTE}\s*[:=,]\s*b?)\\*[\"']?(?P<header>[^\"'\r\n\\]+)",
    rf"(?i:\b(?:set-)?cookie{_QUOTE}\s*[:=,]\s*b?)\\*[\"']?(?P<cookie>[^\"'\r\n\\]+)",
    r"(?i:\bbearer)\s+(?P<bearer>[A-Za-z0-9._~+/=\-]{8,})",
    r"(?i:\bbasic)\s+(?P<basic>(?=[A-Za-z+/]*[0-9=A-Z])[A-Za-z0-9+/]{8,}={0,2})",
    # Names with a value behind them: queries, fields of JSON, keyword arguments.
    rf"(?i:(?:{_NAME}){_QUOTE}\s*[=:]\s*b?){_QUOTE}(?P<value>[^\s\"'&,;)}}\]\\\[]+)",
    r"(?i:[?&](?:x-amz-[a-z\-]+|sig|signature|code|key|auth)=)(?P<query>[^&\s\"'\\]+)",
    # Parts of addresses.
    r"(?<=://)[^/\s:@\"']*:[^/\s@\"']+(?=@)",
    r"(?i:/hooks/)(?P<hook>[^\s\"'\\>]+)",
    r"(?<=/app-manifests/)[^/\s\"'\\]+",
)
_SECRETS: Final = re.compile("|".join(_PATTERNS))


def without_secrets(text: str) -> str:
    """Hide what looks like a token, a key, a password, a credential's header or the secret of a hook's address."""
    return _SECRETS.sub(_masked, _PRIVATE_KEY.sub(HIDDEN, text))


def _masked(found: re.Match[str]) -> str:
    """Leave the name that gave the secret away, where the pattern has one."""
    secret = next((part for part in found.groups() if part is not None), found[0])
    return found[0].replace(secret, HIDDEN)
