"""What an OpenVEX document says of vulnerabilities."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.names import MOST_OTHER_NAMES
from bot.promotion.documents.package_urls import digest_in, is_image_url, package_url
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import Opinion, Told
from bot.promotion.documents.values import digest, mapping, objects, shortened, text, texts
from bot.promotion.documents.weights import bounded_opinions
from bot.promotion.evidence import Exploitability

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_CONTEXT: Final = "https://openvex.dev/ns"
# Stands for what is named in no way that is understood, so that it is not taken for the whole image.
_NAMELESS: Final = "(a component without a name)"
_STATUSES: Final = {status.value: status for status in Exploitability}


def is_openvex(document: dict[str, Any]) -> bool:
    """Say whether a document is OpenVEX (openvex/spec, OPENVEX-SPEC.md)."""
    return str(document.get("@context", "")).startswith(_CONTEXT)


def read_openvex(document: dict[str, Any]) -> Told:
    """Read the statements of OpenVEX 0.0.1 to 0.2.0.

    A product that is an image makes its subcomponents, or else the whole image, what a statement is about; it says
    something of this one only where it names its digest. Any other product is a component itself: what is said of its
    subcomponents does not count, for nothing shows that the product is in this image. A status that the specification
    does not name counts for nothing.
    """
    at = aware(document.get("last_updated")) or aware(document.get("timestamp"))
    opinions = bounded_opinions(
        opinion
        for statement in objects(document.get("statements"))
        for opinion in _opinions(statement, _time(statement) or at)
    )
    return Told(opinions=opinions, at=at, tool=shortened(document.get("author"), 100))


def _names(statement: dict[str, Any]) -> frozenset[str]:
    found = statement.get("vulnerability")
    if isinstance(found, str):
        return frozenset(filter(None, [text(found)]))
    named = mapping(found)
    others = islice(texts(named.get("aliases")), MOST_OTHER_NAMES)
    return frozenset(filter(None, [text(named.get("name")), *others]))


def _time(statement: dict[str, Any]) -> datetime | None:
    return aware(statement.get("last_updated")) or aware(statement.get("timestamp"))


def _opinions(statement: dict[str, Any], at: datetime | None) -> Iterator[Opinion]:
    status, names = _STATUSES.get(text(statement.get("status"))), _names(statement)
    if status is None or not names:
        return
    products = statement.get("products")
    if not products:
        yield Opinion(names, status, at=at)
        return
    common = _components(statement.get("subcomponents"))
    for product in products if isinstance(products, list) else [products]:
        if (named := _product(product, common)) is not None:
            yield Opinion(names, status, *named, at)


def _product(product: object, common: frozenset[str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """Give the components that a product means (none: all of the image), and the digests of the images it names.

    `common`: the subcomponents of a product that has none of its own. None: an image, and nothing shows which.
    """
    identifiers = _identifiers(product)
    images = [one for one in identifiers if is_image_url(one)]
    digests = frozenset(filter(None, [*map(digest_in, images), *map(digest, identifiers), _hash(product)]))
    if not images and not digests:
        return frozenset(identifiers) or frozenset({_NAMELESS}), frozenset()
    if not digests:
        return None
    return _components(mapping(product).get("subcomponents")) or common, digests


def _components(parts: object) -> frozenset[str]:
    """Give the names of subcomponents; none where there are none."""
    if not parts:
        return frozenset()
    listed = parts if isinstance(parts, list) else [parts]
    return frozenset(name for part in listed for name in _identifiers(part)) or frozenset({_NAMELESS})


def _identifiers(value: object) -> list[str]:
    """Give the names of a product or component: since 0.2.0 an object, before only a text."""
    named = mapping(value)
    told = [value] if isinstance(value, str) else [named.get("@id"), mapping(named.get("identifiers")).get("purl")]
    return [name for name in map(package_url, told) if name]


def _hash(product: object) -> str:
    return digest(f"sha256:{text(mapping(mapping(product).get('hashes')).get('sha-256'))}")
