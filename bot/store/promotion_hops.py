"""How far promotions brought a digest already: what goes round a circle is known by its digest, whatever its names."""

from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.images import canonical_host
from bot.store.promotion_runs import RunState
from bot.store.tables import promotions, repositories


def depth_of(connection: Connection, installation: int | None, host: str, image: str, digest: str) -> int:
    """Read the largest depth of the runs that brought a digest to a repository, by whatever name of its registry.

    `installation`: the one whose runs count, None: those of all count.
    """
    statement = _brought(promotions.c.target_host, func.max(promotions.c.depth).label("depth"))
    of_image = statement.where(*_its(installation, digest), promotions.c.target_image == image)
    rows = connection.execute(of_image.group_by(promotions.c.target_host))
    wanted = canonical_host(host)
    return max((row.depth for row in rows if canonical_host(row.target_host) == wanted), default=0)


def copies_of(connection: Connection, installation: int, digest: str) -> int:
    """Count the runs that brought a digest to a target."""
    statement = _brought(func.count()).where(*_its(installation, digest))
    return connection.execute(statement).scalar() or 0


def _brought(*columns: Any) -> Select[Any]:
    return select(*columns).select_from(promotions.join(repositories))


def _its(installation: int | None, digest: str) -> tuple[Any, ...]:
    done = (promotions.c.digest == digest, promotions.c.state == RunState.DONE.value)
    return done if installation is None else (*done, repositories.c.installation == installation)
