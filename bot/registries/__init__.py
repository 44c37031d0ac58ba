"""Registries behind plain values: tags, digests and platforms of an image, whoever keeps it."""

from bot.registries.access import ANONYMOUS, Access
from bot.registries.attachments import Attachment, AttachmentKind, Attachments, LeftOut, PlatformImage
from bot.registries.client import Registries
from bot.registries.copying.order import Copied, CopyOrder, Progress, Side
from bot.registries.credentials import Credential
from bot.registries.documents import DIGEST
from bot.registries.errors import (
    AddressNotAllowed,
    BlobMismatch,
    CredentialForOtherHost,
    ImageNotFound,
    InvalidAnswer,
    InvalidCertificate,
    PushRefused,
    RegistryError,
    RegistryFull,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
    RepositoryMissing,
    SourceMoved,
    TagRefused,
    TargetTagTaken,
    UntrustedCertificate,
    UntrustedRealm,
    UntrustedUpload,
    UploadBroken,
)
from bot.registries.grants import Grants, InvalidGrant
from bot.registries.kinds import ProviderKind
from bot.registries.lookup import Scope, Unusable, credential_for, pusher_for
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
    "BlobMismatch",
    "Copied",
    "CopyOrder",
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
    "Progress",
    "ProviderKind",
    "PushRefused",
    "PushTime",
    "Registries",
    "RegistryError",
    "RegistryFull",
    "RegistryLimited",
    "RegistryRefused",
    "RegistryUnavailable",
    "RepositoryMissing",
    "ScanAnswer",
    "Scope",
    "Side",
    "SourceMoved",
    "TagList",
    "TagRefused",
    "TargetTagTaken",
    "UntrustedCertificate",
    "UntrustedRealm",
    "UntrustedUpload",
    "Unusable",
    "UploadBroken",
    "Verification",
    "credential_for",
    "guarded_sessions",
    "provider_of",
    "pusher_for",
]
