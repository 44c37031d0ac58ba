"""What a repository asked for: the policy file and Flux's objects, read, checked and completed."""

from bot.policies.flux import load_flux
from bot.policies.loading import POLICY_PATH, load
from bot.policies.policy import (
    AutoMerge,
    Delivery,
    FluxMode,
    ImagePolicy,
    Limits,
    MergeMethod,
    PolicyFile,
    PullRequestSettings,
)
from bot.policies.problems import PolicyFileError, Problem
from bot.policies.window import Window

__all__ = [
    "POLICY_PATH",
    "AutoMerge",
    "Delivery",
    "FluxMode",
    "ImagePolicy",
    "Limits",
    "MergeMethod",
    "PolicyFile",
    "PolicyFileError",
    "Problem",
    "PullRequestSettings",
    "Window",
    "load",
    "load_flux",
]
