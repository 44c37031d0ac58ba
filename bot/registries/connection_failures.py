"""What aiohttp and the system say of a connection that failed, as a typed error in plain words."""

import os

import aiohttp
from yarl import URL

from bot.registries.endpoints import authority
from bot.registries.errors import (
    AddressNotAllowed,
    InvalidAnswer,
    RegistryError,
    RegistryUnavailable,
    UntrustedCertificate,
)
from bot.registries.guard import AddressRefusedError


def failure(host: str, asked: URL, url: URL, error: Exception) -> RegistryError:
    """Return the error for a failed connection to `url`, in the end a sentence that names who did not answer.

    host: the registry for whose sake it was. asked: what the request was for; another origin in `url` is where it was
    redirected to, and is not named, because the registry chose it.
    """
    whose = _whose(host, asked, url)
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, AddressRefusedError):
        return AddressNotAllowed(host, f"{whose}has an address that is {error.os_error}")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return UntrustedCertificate(host, f"{whose}could not be reached: its certificate is not trusted")
    if isinstance(error, TimeoutError):
        return RegistryUnavailable(host, f"{whose}did not answer in time")
    # A certificate that does not hold is a ValueError, too.
    if isinstance(error, (aiohttp.InvalidURL, ValueError)) and not isinstance(error, aiohttp.ClientSSLError):
        return InvalidAnswer(host, f"{whose}has a name that is no host's")
    return RegistryUnavailable(host, f"{whose}{_in_words(error)}")


def is_silence(error: Exception) -> bool:
    """Whether a failure is that nobody answered: no connection could be made, or nothing came in time."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return not isinstance(error, aiohttp.ClientSSLError) and not isinstance(error.os_error, AddressRefusedError)
    return isinstance(error, TimeoutError)


def _whose(host: str, asked: URL, url: URL) -> str:
    if url.origin() != asked.origin():
        return "redirects to a server that "
    return "" if authority(url) == host else f"{authority(url)} "


def _in_words(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "could not be reached: its name leads to no address"
    if isinstance(error, aiohttp.ClientSSLError):
        return "could not be reached: no TLS connection can be made"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno
        return f"could not be reached: {os.strerror(number)}" if number else "could not be reached"
    if isinstance(error, aiohttp.ClientResponseError):
        return "answered with what is no HTTP"
    return "broke off the connection"
