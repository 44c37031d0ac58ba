"""Keys added to mappings that stand in a file, byte for byte."""

from bot.manifests.adding.additions import Addition, joined
from bot.manifests.adding.keys import Tree, keys_added
from bot.manifests.adding.ruler import ruler_of
from bot.manifests.adding.standing import path_to

__all__ = ["Addition", "Tree", "joined", "keys_added", "path_to", "ruler_of"]
