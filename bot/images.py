"""Image references, tags and platforms: the words that every other room speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

DOCKER_HUB: Final = "docker.io"
_DOCKER_HUB_ALIAS: Final = "index.docker.io"
_DOCKER_HUB_NAMES: Final = frozenset(
    {_DOCKER_HUB_ALIAS, "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"}
)
_OFFICIAL: Final = "library/"
_USUAL_PORTS: Final = frozenset({"443", "80"})

# With its port. DNS ends at 253; a little less leaves room for a word before it where names have at most 255 bytes.
LONGEST_HOST: Final = 240
LONGEST_REPOSITORY: Final = 255
_LARGEST_PORT: Final = 65535
_LONGEST_REFERENCE: Final = 1024
_LONGEST_QUOTE: Final = 120
_DIGEST_LENGTHS: Final = {"sha256": 64, "sha384": 96, "sha512": 128}

_DOMAIN_PART = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = re.compile(rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[(?P<ip>[a-fA-F0-9:]+)\])(?::(?P<port>[0-9]+))?")
_PATH_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REPOSITORY = re.compile(rf"{_PATH_PART}(?:/{_PATH_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_HEXADECIMAL = re.compile(r"[a-f0-9]+")
_IMAGE_ID = re.compile(r"[a-f0-9]{64}")


class InvalidImageReference(ValueError):
    """A text that is no image reference. `.text` is the text as it came, `.reason` says what is wrong with it."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{quoted(text)} is not an image reference: {reason}")


class InvalidPlatform(ValueError):
    """A text that is no platform. `.text` is the text as it came, `.reason` says what is wrong with it."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{quoted(text)} is not a platform: {reason}")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """Where an image lives and which one it is.

    `host` and `repository` are normalised as the Docker tools do it: "nginx" lives at docker.io, library/nginx.
    `tag` and `digest` ("sha256:...") are None where the text has none. `original` is the text as it was written.
    """

    host: str
    repository: str
    tag: str | None
    digest: str | None
    original: str

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Read a reference by the grammar of github.com/distribution/reference; raise InvalidImageReference.

        A text longer than 1,024 characters is refused, whatever its parts.
        """
        if not isinstance(text, str):
            raise InvalidImageReference(str(text), "it is not a text")
        _refuse_at_sight(text)
        name, tag, digest = _split(text)
        host, repository = _normalise(text, name)
        return cls(host, repository, tag, digest, text)

    def __str__(self) -> str:
        return self.original

    @property
    def name(self) -> str:
        """The image without tag and digest, normalised: "docker.io/library/nginx"."""
        return f"{self.host}/{self.repository}"

    def canonical(self) -> str:
        """Give the whole reference, normalised: "docker.io/library/nginx:1.25". No tag is made up."""
        return _joined(self.name, self.tag, self.digest)

    def with_tag(self, tag: str) -> ImageReference:
        """Point at another tag of the same image: the name as it was written, no digest.

        Raises InvalidImageReference when `tag` cannot be a tag.
        """
        written = self.original.partition("@")[0]
        if self.tag is not None:
            written = written.removesuffix(f":{self.tag}")
        text = f"{written}:{tag}"
        if not is_tag(tag):
            raise InvalidImageReference(text, f"{quoted(tag)} cannot be a tag")
        return ImageReference(self.host, self.repository, tag, None, text)


@dataclass(frozen=True, slots=True)
class Platform:
    """What a container image runs on, in the words of the OCI image index: linux/arm64, linux/arm/v7."""

    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Read "os/architecture" or "os/architecture/variant"; raise InvalidPlatform."""
        parts = text.split("/")
        if len(parts) not in {2, 3} or not all(_PLATFORM_PART.fullmatch(part) for part in parts):
            raise InvalidPlatform(text, "write os/architecture or os/architecture/variant, for example linux/arm64")
        return cls(*parts)

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)

    def normalised(self) -> Platform:
        """Give the one spelling of this platform: linux/aarch64 and linux/arm64/v8 are both linux/arm64.

        The rules are those of github.com/containerd/platforms: what two build tools write then compares equal.
        """
        system = self.os.lower()
        architecture, implied = _ARCHITECTURES.get(self.architecture.lower(), (self.architecture.lower(), ""))
        variant = self.variant.lower() or implied
        if variant.isdigit():
            variant = f"v{variant}"
        if (architecture, variant) in _DEFAULT_VARIANTS:
            variant = ""
        elif architecture == "arm" and not variant:
            variant = "v7"
        return Platform(_SYSTEMS.get(system, system), architecture, variant)


_PLATFORM_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SYSTEMS: Final = {"macos": "darwin"}
_ARCHITECTURES: Final = {
    "i386": ("386", ""),
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
_DEFAULT_VARIANTS: Final = {("amd64", "v1"), ("arm64", "v8")}


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a repository, with what is known of it. None means: not known, not: there is none.

    `pushed_at` is the registry's word, `first_seen` the bot's own, `created_at` what the image says of itself.
    """

    name: str
    digest: str | None = None
    pushed_at: datetime | None = None
    platforms: frozenset[Platform] | None = None
    first_seen: datetime | None = None
    created_at: datetime | None = None


def is_tag(text: str) -> bool:
    """Whether a tag may be called so: 1 to 128 letters, digits, `_`, `.`, `-`, the first no `.` and no `-`."""
    return _TAG.fullmatch(text) is not None


def canonical_host(host: str) -> str:
    """Give the one name of a registry, to compare by and not to ask: "R.example:443" is "r.example".

    Lower case, without the port of https or of http, and docker.io for each of Docker Hub's names. Two addresses of one
    registry that only its operator knows to be one stay two.
    """
    name, colon, port = host.lower().rpartition(":")
    if not colon or not (port.isascii() and port.isdigit()):
        name, port = host.lower(), ""
    port = port.lstrip("0")
    name = name if not port or port in _USUAL_PORTS else f"{name}:{port}"
    return DOCKER_HUB if name in _DOCKER_HUB_NAMES else name


def _refuse_at_sight(text: str) -> None:
    if not text:
        raise InvalidImageReference(text, "it is empty")
    if len(text) > _LONGEST_REFERENCE:
        raise InvalidImageReference(text, f"it is longer than {_LONGEST_REFERENCE} characters")
    if text != text.strip():
        raise InvalidImageReference(text, "it begins or ends with white space")
    if _IMAGE_ID.fullmatch(text):
        raise InvalidImageReference(text, "64 hexadecimal digits are an image id, not a name")


def _split(text: str) -> tuple[str, str | None, str | None]:
    """Cut name, tag and digest apart; a colon before the last slash belongs to the host's port."""
    named, at, digest = text.partition("@")
    path, slash, last = named.rpartition("/")
    last, colon, tag = last.partition(":")
    if at:
        _check_digest(text, digest)
    if colon and not is_tag(tag):
        raise InvalidImageReference(text, f"{quoted(tag)} cannot be a tag")
    return path + slash + last, tag if colon else None, digest if at else None


def _check_digest(text: str, digest: str) -> None:
    algorithm, _, value = digest.partition(":")
    length = _DIGEST_LENGTHS.get(algorithm)
    if length is None:
        known = ", ".join(_DIGEST_LENGTHS)
        raise InvalidImageReference(text, f"{quoted(algorithm)} is no digest algorithm; known are {known}")
    if len(value) != length:
        raise InvalidImageReference(text, f"a {algorithm} digest has {length} digits, this one has {len(value)}")
    if not _HEXADECIMAL.fullmatch(value):
        raise InvalidImageReference(text, "a digest is written in hexadecimal digits, in lower case")


def _normalise(text: str, name: str) -> tuple[str, str]:
    if not name:
        raise InvalidImageReference(text, "it has no name")
    host, repository = _split_host(name)
    if not _is_host(host):
        raise InvalidImageReference(text, f"{quoted(host)} is no registry host")
    if repository != repository.lower() and _REPOSITORY.fullmatch(repository.lower()):
        raise InvalidImageReference(text, "a repository is written in lower case")
    if not _REPOSITORY.fullmatch(repository):
        raise InvalidImageReference(text, f"{quoted(repository)} is no repository")
    if len(repository) > LONGEST_REPOSITORY:
        raise InvalidImageReference(text, f"a repository has at most {LONGEST_REPOSITORY} characters")
    return host, repository


def _is_host(host: str) -> bool:
    """Whether something can be asked there: a name, or an IPv6 address in brackets, and a port that exists."""
    match = _HOST.fullmatch(host)
    if match is None or len(host) > LONGEST_HOST:
        return False
    port_exists = match["port"] is None or 0 < int(match["port"]) <= _LARGEST_PORT
    return port_exists and (match["ip"] is None or _is_ipv6(match["ip"]))


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def _split_host(name: str) -> tuple[str, str]:
    """Tell the host from the repository: a first part with a dot, a colon or a capital, or localhost, is a host."""
    first, slash, rest = name.partition("/")
    is_host = slash and (first == "localhost" or "." in first or ":" in first or first != first.lower())
    host, repository = (first, rest) if is_host else (DOCKER_HUB, name)
    if host == _DOCKER_HUB_ALIAS:
        host = DOCKER_HUB
    if host == DOCKER_HUB and "/" not in repository:
        repository = _OFFICIAL + repository
    return host, repository


def _joined(name: str, tag: str | None, digest: str | None) -> str:
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def quoted(text: str) -> str:
    """Show a hostile text in a message: between quotes, control characters escaped, the end of a long one left out."""
    shown = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
    return repr(shown)
