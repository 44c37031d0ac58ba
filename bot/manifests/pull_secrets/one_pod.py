"""Pull secrets written into one pod spec of a file that was read already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.manifests.adding.additions import Addition
from bot.manifests.adding.ruler import ruler_of
from bot.manifests.adding.standing import path_to
from bot.manifests.pull_secrets.insertion import Insertion, characters_of, insertion
from bot.manifests.pull_secrets.wishes import wish_of
from bot.manifests.source import Position

if TYPE_CHECKING:
    from bot.manifests.layouts import PodSpec
    from bot.manifests.reading import ReadDocument


def names_added(spec: PodSpec, names: tuple[str, ...], document: ReadDocument, content: bytes) -> Addition | None:
    """Say what to write so that a pod spec names some Secrets, as `add_pull_secrets` would write it.

    `document` is what the pod spec was read from, `content` the whole file. None where the pod names others already,
    where other pods share what stands here, or where it cannot be exact. Raises Unreadable where merges are chained
    deeper than anybody writes them.
    """
    wish = wish_of(spec, names) if names else None
    if wish is None or path_to(spec.node, spec.way, document.roots, document.stretch.yaml) is None:
        return None
    ruler = ruler_of(document.stretch)
    positions = {each: Position(ruler.byte(each), 0) for each in characters_of(wish)}
    made = insertion(wish, content, positions)
    return Addition(made.start, made.end, made.written) if isinstance(made, Insertion) else None
