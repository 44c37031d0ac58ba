"""Pull secrets added to pod specs that lack them."""

from bot.manifests.pull_secrets.adding import PullSecret, add_pull_secrets

__all__ = ["PullSecret", "add_pull_secrets"]
