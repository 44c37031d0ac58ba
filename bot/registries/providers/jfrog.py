"""JFrog: one name for each customer below jfrog.io, and servers under names of their own.

It tells no times of pushes that would be true: its search tells when a file came into a repository of Artifactory,
which behind a virtual or a remote one is when it was copied or cached. The link to its next page of tags names a path
that does not exist in a virtual repository, which does no harm: only a link's query is used.
"""

import re

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import Provider

JFROG = Provider(ProviderKind.JFROG, re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.jfrog\.io"))
