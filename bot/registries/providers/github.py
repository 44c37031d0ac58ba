"""GitHub's container registry: everything at one host, and times of pushes only in GitHub's signed events.

It tells no times itself. Its packages API has them, but refuses GitHub Apps; what it would send is in the events
`package` and `registry_package`, which are signed: their `created_at` is the time of a digest.
"""

import re

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import Provider

GITHUB = Provider(ProviderKind.GITHUB, re.compile(r"ghcr\.io"))
