"""Registries behind plain values: tags, digests and platforms of an image, whoever keeps it."""

from bot.registries.access import ANONYMOUS, Access
from bot.registries.attachments import Attachment, AttachmentKind, Attachments, LeftOut, PlatformImage
from bot.registries.client import Registries
from bot.registries.credentials import Credential
from bot.registries.documents import DIGEST
from bot.registries.errors import (
    AddressNotAllowed,
    CredentialForOtherHost,
    ImageNotFound,
    InvalidAnswer,
    InvalidCertificate,
    RegistryError,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
    UntrustedCertificate,
    UntrustedRealm,
)
from bot.registries.grants import Grants, InvalidGrant
from bot.registries.kinds import ProviderKind
from bot.registries.lookup import Scope, Unusable, credential_for
from bot.registries.manifests import Manifest
from bot.registries.providers import provider_of
from bot.registries.providers.provider import PushTime
from bot.registries.scanning import FoundReport, ScanAnswer
from bot.registries.sessions import guarded_sessions
from bot.registries.tags import TagList
from bot.registries.verification import Verification

__all__ = [
    "ANONYMOUS",
    "DIGEST",
    "Access",
    "AddressNotAllowed",
    "Attachment",
    "AttachmentKind",
    "Attachments",
    "Credential",
    "CredentialForOtherHost",
    "FoundReport",
    "Grants",
    "ImageNotFound",
    "InvalidAnswer",
    "InvalidCertificate",
    "InvalidGrant",
    "LeftOut",
    "Manifest",
    "PlatformImage",
    "ProviderKind",
    "PushTime",
    "Registries",
    "RegistryError",
    "RegistryLimited",
    "RegistryRefused",
    "RegistryUnavailable",
    "ScanAnswer",
    "Scope",
    "TagList",
    "UntrustedCertificate",
    "UntrustedRealm",
    "Unusable",
    "Verification",
    "credential_for",
    "guarded_sessions",
    "provider_of",
]
