"""Pull secrets added to pod specs that lack them."""

from bot.manifests.pull_secrets.adding import PullSecret, add_pull_secrets
from bot.manifests.pull_secrets.one_pod import names_added

__all__ = ["PullSecret", "add_pull_secrets", "names_added"]
