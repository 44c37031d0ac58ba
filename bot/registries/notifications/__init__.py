"""What a registry's notification says was pushed or scanned. A hint: nothing but the image's name is believed."""

from collections.abc import Iterable

from bot.images import ImageReference, InvalidImageReference
from bot.registries.notifications.kinds import HookKind, Proof
from bot.registries.notifications.reading import Payload, UnreadableNotification, digest_or_none, without_tag
from bot.registries.notifications.scan import PostedReport, scan_report
from bot.registries.notifications.senders import SENDERS, Sender

__all__ = [
    "SENDERS",
    "HookKind",
    "Payload",
    "PostedReport",
    "Proof",
    "Sender",
    "UnreadableNotification",
    "images",
    "scan_report",
    "scanned",
]


def images(kind: str, payload: Payload, host: str) -> tuple[ImageReference, ...]:
    """Read the images that a notification of `kind` names, each once, without tag or digest.

    `host` is the hook's: that of senders who do not name theirs. Names are lowered, since owners may come in capitals.
    Names that cannot be an image's are left out where another can. Raises UnreadableNotification when none can, when
    the kind is not known or when the payload is not of that kind.
    """
    names = dict.fromkeys(_sender(kind).read(payload, host))
    return tuple(dict.fromkeys(image for image, _ in _references((name, "") for name in names)))


def scanned(kind: str, payload: Payload, host: str) -> tuple[tuple[ImageReference, str], ...]:
    """Read the images whose scan is done, by a notification of `kind`: each once, with its digest.

    Images, `host` and errors are those of `images`. The digest is "" where the sender tells none, or none that can be:
    then any image of the repository may be meant. Of kinds that tell of no scans, and of other events, there are none.
    """
    scans = _sender(kind).scans
    if scans is None:
        return ()
    found = _references((name, digest_or_none(digest) or "") for name, digest in scans(payload, host))
    return tuple(dict.fromkeys(found))


def _sender(kind: str) -> Sender:
    try:
        return SENDERS[HookKind(kind)]
    except ValueError:
        raise UnreadableNotification(f"{kind!r} is not a kind of registry hook: {', '.join(HookKind)} are") from None


def _references(names: Iterable[tuple[str, str]]) -> list[tuple[ImageReference, str]]:
    """Parse names that each come with a digest; raises UnreadableNotification where there are some and none can be."""
    found: list[tuple[ImageReference, str]] = []
    wrong = None
    for name, digest in names:
        try:
            found.append((ImageReference.parse(without_tag(name).lower()), digest))
        except InvalidImageReference as problem:
            wrong = problem
    if wrong is not None and not found:
        raise UnreadableNotification(f"the notification names an image that cannot be: {wrong.reason}")
    return found
