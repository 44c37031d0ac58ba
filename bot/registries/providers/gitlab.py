"""GitLab: gitlab.com keeps its token server beside the registry; other servers' is named with the credential."""

import re

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import Provider

GITLAB = Provider(
    ProviderKind.GITLAB,
    re.compile(r"registry\.gitlab\.com"),
    token_hosts=lambda host: frozenset({"gitlab.com"}) if host == "registry.gitlab.com" else frozenset(),
)
