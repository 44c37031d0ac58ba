"""What a registry's notification says was pushed. A hint: nothing but the name of the image is believed."""

from bot.images import ImageReference, InvalidImageReference
from bot.registries.notifications.kinds import HookKind, Proof
from bot.registries.notifications.reading import Payload, UnreadableNotification
from bot.registries.notifications.senders import SENDERS, Sender

__all__ = ["SENDERS", "HookKind", "Payload", "Proof", "Sender", "UnreadableNotification", "images"]


def images(kind: str, payload: Payload, host: str) -> tuple[ImageReference, ...]:
    """Read the images that a notification of `kind` names, each once, without tag or digest.

    `host` is the hook's: that of senders who do not name theirs. Names are lowered, since owners may come in capitals.
    Names that cannot be an image's are left out where another can. Raises UnreadableNotification when none can, when
    the kind is not known or when the payload is not of that kind.
    """
    try:
        sender = SENDERS[HookKind(kind)]
    except ValueError:
        raise UnreadableNotification(f"{kind!r} is not a kind of registry hook: {', '.join(HookKind)} are") from None
    names = dict.fromkeys(sender.read(payload, host))
    found, wrong = _references(names)
    if wrong is not None and not found:
        raise UnreadableNotification(f"the notification names an image that cannot be: {wrong.reason}")
    return tuple(found)


def _references(names: dict[str, None]) -> tuple[dict[ImageReference, None], InvalidImageReference | None]:
    found: dict[ImageReference, None] = {}
    wrong = None
    for name in names:
        try:
            found[ImageReference.parse(_without_tag(name).lower())] = None
        except InvalidImageReference as problem:
            wrong = problem
    return found, wrong


def _without_tag(name: str) -> str:
    """Cut off tag and digest, also those that are empty or cannot be."""
    name = name.partition("@")[0]
    path, slash, last = name.rpartition("/")
    return path + slash + last.partition(":")[0]
