"""What a repository asked for: the policy file, read, checked and completed."""

from bot.policies.loading import POLICY_PATH, load
from bot.policies.policy import AutoMerge, ImagePolicy, MergeMethod, PolicyFile, PullRequestSettings
from bot.policies.problems import PolicyFileError, Problem

__all__ = [
    "POLICY_PATH",
    "AutoMerge",
    "ImagePolicy",
    "MergeMethod",
    "PolicyFile",
    "PolicyFileError",
    "Problem",
    "PullRequestSettings",
    "load",
]
