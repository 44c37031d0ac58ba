"""What can go wrong with a registry, one type for each thing that a caller does differently.

No error text holds a token, a credential, a query string or anything that a registry wrote.
"""

from datetime import datetime


class RegistryError(Exception):
    """Base of all errors of this room. `.host` is the registry as images name it."""

    def __init__(self, host: str, sentence: str) -> None:
        self.host = host
        super().__init__(f"{host}: {sentence}")


class RegistryUnavailable(RegistryError):
    """The registry or its token server gave no usable answer now (5xx, timeout, no connection); later it may."""


class RegistryLimited(RegistryError):
    """The registry asks for a pause; nothing more goes to it with this credential before `.until`."""

    def __init__(self, host: str, until: datetime) -> None:
        self.until = until
        super().__init__(host, f"asks to wait until {until.isoformat(timespec='seconds')}")


class ImageNotFound(RegistryError):
    """There is no such repository, tag, manifest or blob, or not for this credential. `.what` names it."""

    def __init__(self, host: str, what: str) -> None:
        self.what = what
        super().__init__(host, f"has no {what}")


class RegistryRefused(RegistryError):
    """The registry or its token server does not let us: no credential, a wrong one, or one without the right."""


class TokenRefused(RegistryRefused):
    """The registry's token server gives no token for what was asked for; for less of it, it may."""


class UntrustedRealm(RegistryError):
    """The registry sends us to a token server that it has no business to name. `.realm_host` is that server."""

    def __init__(self, host: str, realm_host: str, sentence: str) -> None:
        self.realm_host = realm_host
        super().__init__(host, sentence)


class InvalidAnswer(RegistryError):
    """The answer breaks the protocol: not JSON, too long, another digest, a page that leads nowhere."""


class RedirectedElsewhere(InvalidAnswer):
    """The answer is a redirect to another host that this question may not lead to; nothing was asked there."""


class AddressNotAllowed(RegistryError):
    """The name leads to an address that is not public and not in the operator's private networks."""


class CredentialForOtherHost(RegistryError):
    """The caller brought a credential that belongs to another registry; nothing was sent."""


class UntrustedCertificate(RegistryError):
    """The registry's certificate was made out by nobody that is trusted, or to another name, or has ended."""


class InvalidCertificate(RegistryError):
    """The certificate that a credential brings for its registry cannot be read; nothing was sent."""


class TargetTagTaken(RegistryError):
    """The tag to be set stands for another digest, and may not be moved. `.tag`, and `.digest` that it stands for."""

    def __init__(self, host: str, tag: str, digest: str) -> None:
        self.tag = tag
        self.digest = digest
        super().__init__(host, f"has a tag {tag} already, which stands for {digest}")


class SourceMoved(RegistryError):
    """The tag that was copied stands for something else by now. `.digest_now` is None where the tag is gone."""

    def __init__(self, host: str, tag: str, digest_now: str | None) -> None:
        self.tag = tag
        self.digest_now = digest_now
        super().__init__(host, f"the tag {tag} {f'stands for {digest_now}' if digest_now else 'is gone'} by now")


class RegistryFull(RegistryError):
    """The registry has no room for what is written, or its owner's quota is used up."""


class PushRefused(RegistryRefused):
    """The registry does not let the credential write: it has no right to push, or none any more."""


class RepositoryMissing(PushRefused):
    """There is no such repository, and this registry makes none by a push: a person has to make it first."""

    def __init__(self, host: str, repository: str) -> None:
        super().__init__(host, f"has no repository {repository}, and makes none by a push: make it there first")


class TagRefused(PushRefused):
    """The registry does not set `.tag`: a rule of its owner's keeps tags as they are, or allows no such tag."""

    def __init__(self, host: str, repository: str, tag: str, answered: str) -> None:
        """answered: the status and code of the answer."""
        self.tag = tag
        rule = "a rule there keeps tags as they are (immutable tags) or allows no such one"
        super().__init__(host, f"does not set the tag {tag} of {repository} {answered}: {rule}; change either")


class UploadBroken(RegistryUnavailable):
    """An upload came to no end, though it was taken up again several times; later it may."""


class UntrustedUpload(RegistryError):
    """The registry sends an upload to another server; nothing was sent there."""


class BlobMismatch(InvalidAnswer):
    """A blob's bytes are not those that its manifest names, by digest or by size; it was not finished anywhere."""
