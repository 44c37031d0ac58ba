"""Registries behind plain values: tags, digests and platforms of an image, whoever keeps it."""

from bot.registries.access import ANONYMOUS, Access
from bot.registries.client import Registries
from bot.registries.credentials import Credential
from bot.registries.errors import (
    AddressNotAllowed,
    CredentialForOtherHost,
    ImageNotFound,
    InvalidAnswer,
    RegistryError,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
    UntrustedRealm,
)
from bot.registries.guard import guarded_session
from bot.registries.manifests import Manifest
from bot.registries.tags import TagList

__all__ = [
    "ANONYMOUS",
    "Access",
    "AddressNotAllowed",
    "Credential",
    "CredentialForOtherHost",
    "ImageNotFound",
    "InvalidAnswer",
    "Manifest",
    "Registries",
    "RegistryError",
    "RegistryLimited",
    "RegistryRefused",
    "RegistryUnavailable",
    "TagList",
    "UntrustedRealm",
    "guarded_session",
]
