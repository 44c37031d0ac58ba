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


class UntrustedRealm(RegistryError):
    """The registry sends us to a token server that it has no business to name. `.realm_host` is that server."""

    def __init__(self, host: str, realm_host: str, sentence: str) -> None:
        self.realm_host = realm_host
        super().__init__(host, sentence)


class InvalidAnswer(RegistryError):
    """The answer breaks the protocol: not JSON, too long, another digest, a page that leads nowhere."""


class AddressNotAllowed(RegistryError):
    """The name leads to an address that is not public and not in the operator's private networks."""


class CredentialForOtherHost(RegistryError):
    """The caller brought a credential that belongs to another registry; nothing was sent."""


class UntrustedCertificate(RegistryError):
    """The registry's certificate was made out by nobody that is trusted, or to another name, or has ended."""


class InvalidCertificate(RegistryError):
    """The certificate that a credential brings for its registry cannot be read; nothing was sent."""
