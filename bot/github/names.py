"""What repositories are called now: full names, node ids, and the addresses GitHub sent us on to."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

_MOST_KEPT: Final = 50_000
_ADDRESS = re.compile(r"(?P<prefix>/repositories/(?P<id>\d+)|/repos/[^/]+/[^/]+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """`full_name` is "owner/name"; `node` is "" until GitHub told it; `prefix` replaces /repos/owner/name, if set.

    `called` is the name its user called it by when we learned the rest.
    """

    called: str
    full_name: str
    node: str = ""
    prefix: str = ""


class RepositoryNames:
    """Remembers, for the life of a process, what GitHub said a repository is called."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, KnownRepository] = OrderedDict()

    def known(self, repository_id: int, full_name: str) -> KnownRepository:
        """Return what is known of a repository. A user who comes with another name than before knows better."""
        known = self._known.get(repository_id)
        if known is None or known.called != full_name:
            return KnownRepository(full_name, full_name, known.node if known else "")
        self._known.move_to_end(repository_id)
        return known

    def learn(self, repository_id: int, called: str, full_name: str, node: str) -> None:
        """Keep the name and the node id that GitHub told of the repository that its user calls `called`."""
        self._keep(repository_id, KnownRepository(called, full_name, node))

    def moved(self, repository_id: int, called: str, location: str, root: str) -> bool:
        """Keep where a renamed repository is now. `root` is the path of the API; False: that is another repository."""
        path = urlsplit(location).path
        match = _ADDRESS.match(path.removeprefix(root)) if path.startswith(root) else None
        if match is None:
            return True
        if match["id"] is not None and int(match["id"]) != repository_id:
            return False
        known = self.known(repository_id, called)
        self._keep(repository_id, replace(known, prefix=match["prefix"]))
        return True

    def _keep(self, repository_id: int, known: KnownRepository) -> None:
        self._known[repository_id] = known
        self._known.move_to_end(repository_id)
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
