"""Sealing: secrets are encrypted before they are stored, each for one purpose and one place, by a key with a name.

AES-256-GCM with a random nonce of 96 bits for each text (NIST SP 800-38D), by a key derived for the purpose (HKDF,
RFC 5869). The purpose and the place are associated data: a text that was put in another row does not open.
"""

import base64
import binascii
import json
import re
import secrets
from collections.abc import Mapping
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from bot.store.errors import CannotOpen, InvalidKeys, NoKey

_FORM = "niro1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_ENVELOPE = re.compile(rf"{_FORM}\.({_KEY_ID.pattern})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_ADVICE = "write ID:KEY,ID:KEY, each made by `niro keys new`"


class Keyring:
    """Keys by their ids: the first seals, all open. An empty ring can do neither."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Take keys of 32 bytes, the sealing one first; `Keyring.parse` checks what an operator wrote."""
        self._keys = dict(keys)
        self._derived: dict[tuple[str, str], AESGCM] = {}

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `id:base64,id:base64`, keys of 32 bytes each; "" is the empty ring.

        Raises InvalidKeys, whose text names the place in the list and never holds a key.
        """
        keys: dict[str, bytes] = {}
        for place, entry in enumerate(text.split(",") if text.strip() else (), start=1):
            key_id, key = _read_entry(entry.strip(), place)
            if key_id in keys:
                raise InvalidKeys(f"two keys have the id {key_id}; give each an id of its own")
            if key in keys.values():
                raise InvalidKeys(f"key {place} stands in the list twice; remove it or make another")
            keys[key_id] = key
        return cls(keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, the sealing one first."""
        return tuple(self._keys)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"

    def seal(self, plain: SecretStr, purpose: str, *binding: str) -> str:
        """Encrypt a secret for a purpose and a place; returns `niro1.<key id>.<nonce>.<ciphertext>`. Raises NoKey."""
        if not self._keys:
            raise NoKey("there is no key to seal secrets with; make one with `niro keys new` and set NIRO_KEYS")
        key_id = next(iter(self._keys))
        nonce = secrets.token_bytes(_NONCE_BYTES)
        text = plain.get_secret_value().encode("utf-8", "surrogatepass")
        sealed = self._cipher(key_id, purpose).encrypt(nonce, text, _associated(purpose, binding))
        return f"{_FORM}.{key_id}.{_to_text(nonce)}.{_to_text(sealed)}"

    def open(self, sealed: str, purpose: str, *binding: str) -> SecretStr:
        """Decrypt what `seal` gave for the same purpose and place.

        Raises NoKey when the ring is empty, CannotOpen when its key is not in the ring, or when the text was changed or
        stands in another place.
        """
        if not self._keys:
            raise NoKey("there is no key to open secrets with; set NIRO_KEYS to the keys that sealed them")
        parts = _ENVELOPE.fullmatch(sealed)
        if parts is None:
            raise CannotOpen("")
        key_id, nonce, text = parts[1], _to_bytes(parts[2]), _to_bytes(parts[3])
        if key_id not in self._keys:
            raise CannotOpen(key_id, missing=True)
        if nonce is None or text is None or len(nonce) != _NONCE_BYTES:
            raise CannotOpen(key_id)
        try:
            plain = self._cipher(key_id, purpose).decrypt(nonce, text, _associated(purpose, binding))
        except InvalidTag:
            raise CannotOpen(key_id) from None
        return SecretStr(plain.decode("utf-8", "surrogatepass"))

    def _cipher(self, key_id: str, purpose: str) -> AESGCM:
        if (key_id, purpose) not in self._derived:
            derivation = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=purpose.encode())
            self._derived[key_id, purpose] = AESGCM(derivation.derive(self._keys[key_id]))
        return self._derived[key_id, purpose]


EMPTY = Keyring({})
"""No keys: nothing can be sealed or opened."""


def new_key(key_id: str) -> str:
    """Return a new random key as `id:base64`. Raises InvalidKeys for an id that is not 1 to 32 of A-Z a-z 0-9 _ -."""
    _check_id(key_id, 1)
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}"


def key_id_of(sealed: str) -> str:
    """Return the id of the key that sealed a text; the first 40 characters of the text are enough. "": not sealed."""
    form, _, rest = sealed.partition(".")
    key_id = rest.partition(".")[0]
    return key_id if form == _FORM and _KEY_ID.fullmatch(key_id) else ""


def _read_entry(entry: str, place: int) -> tuple[str, bytes]:
    key_id, colon, text = entry.partition(":")
    if not colon:
        raise InvalidKeys(f"key {place} has no id before a colon; {_ADVICE}")
    _check_id(key_id, place)
    try:
        # Both alphabets of base64 are in use, with and without padding (RFC 4648).
        plain = text.strip().rstrip("=").replace("-", "+").replace("_", "/")
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidKeys(f"key {place} is not written as base64; {_ADVICE}") from None
    if len(key) != _KEY_BYTES:
        raise InvalidKeys(f"key {place} has {len(key)} bytes, it needs {_KEY_BYTES}; {_ADVICE}")
    if len(set(key)) == 1:
        raise InvalidKeys(f"key {place} repeats one byte, so anybody can guess it; {_ADVICE}")
    return key_id, key


def _check_id(key_id: str, place: int) -> None:
    # The text before the colon may be half of a key: it is not shown.
    if not _KEY_ID.fullmatch(key_id):
        raise InvalidKeys(f"the id of key {place} is not 1 to 32 letters, digits, - or _; {_ADVICE}")


def _associated(purpose: str, binding: tuple[str, ...]) -> bytes:
    """Join texts so that no two lists give the same bytes."""
    return json.dumps([purpose, *binding]).encode()


def _to_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _to_bytes(text: str) -> bytes | None:
    """Decode, but only the one text that encoding gives: base64's last character has bits that do not count."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return data if _to_text(data) == text else None
