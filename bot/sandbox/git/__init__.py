"""Real bare git repositories, driven through git's plumbing."""

from bot.sandbox.git.process import GitFailed
from bot.sandbox.git.repository import GitRepository
from bot.sandbox.git.values import Commit, FileChange, GitObject, NewEntry, RefMove, Signature, TreeEntry

__all__ = [
    "Commit",
    "FileChange",
    "GitFailed",
    "GitObject",
    "GitRepository",
    "NewEntry",
    "RefMove",
    "Signature",
    "TreeEntry",
]
