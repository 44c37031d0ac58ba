"""A registry that cannot be read, in a sentence for whoever gave the command."""

from __future__ import annotations

from bot.explaining.shown import shown
from bot.registries import AddressNotAllowed, ImageNotFound, RegistryError, RegistryRefused
from bot.secrets_in_text import without_secrets


def unread(error: RegistryError) -> str:
    """Say what is wrong with a registry, and what the caller can do where it is the command's own doing."""
    hint = ""
    if isinstance(error, AddressNotAllowed):
        hint = "; NIRO_PRIVATE_NETWORKS names more networks"
    elif isinstance(error, (ImageNotFound, RegistryRefused)):
        hint = "; this command asks without a credential"
    return shown(without_secrets(f"{error}{hint}"))
