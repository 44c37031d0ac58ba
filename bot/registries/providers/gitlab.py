"""GitLab: gitlab.com keeps its token server beside the registry; other servers' is named with the credential.

It tells no times of pushes: its API has one per tag and request, which is when the image was built, and takes neither
deploy tokens nor the names of repositories.
"""

import re

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import NO_HOSTS, Provider

HOST = "registry.gitlab.com"
TOKEN_HOST = "gitlab.com"  # noqa: S105 - a host's name

GITLAB = Provider(
    ProviderKind.GITLAB,
    re.compile(re.escape(HOST)),
    token_hosts=lambda host: frozenset({TOKEN_HOST}) if host == HOST else NO_HOSTS,
)
