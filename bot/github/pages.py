"""Where GitHub shows its pages to people, told from where its API is."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

_API_OF_GITHUB: Final = "api.github.com"
_SUBDOMAIN: Final = "api."
_CLOUD: Final = ".ghe.com"


def pages_url(api_url: str) -> str:
    """Return the root of the pages that belong to an API's root.

    "https://github.com" for GitHub itself, the host alone for GitHub Enterprise Server ("https://host/api/v3") and,
    with data residency, the subdomain without `api.`:
    https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api, "Request URL".
    """
    parts = urlsplit(api_url)
    host = parts.netloc
    if host == _API_OF_GITHUB or (host.startswith(_SUBDOMAIN) and host.endswith(_CLOUD)):
        host = host.removeprefix(_SUBDOMAIN)
    return f"{parts.scheme}://{host}"
