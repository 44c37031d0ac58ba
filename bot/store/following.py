"""Who follows an image, by whom it is read and how often: the questions that scans and polls ask."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from bot.store.tables import follows, installations, repositories


@dataclass(frozen=True, slots=True)
class Follower:
    """A policy that follows an image, and where it stands."""

    installation: int
    repository: int
    policy: str


# Archived repositories and suspended installations follow nothing.
_FOLLOWED = follows.join(repositories).join(installations)
_IN_WORK = and_(repositories.c.archived.is_(False), installations.c.suspended.is_(False))


def followers_of(host: str, image: str, reader: str | None) -> Select[Any]:
    """Select the policies that follow an image, those of one reader or (None) of all."""
    return (
        select(repositories.c.installation, follows.c.repository, follows.c.policy)
        .select_from(_FOLLOWED)
        .where(_of(host, image), *(() if reader is None else (follows.c.reader == reader,)), _IN_WORK)
        .order_by(follows.c.repository, follows.c.policy)
    )


def readers_of(host: str, image: str) -> Select[Any]:
    """Select the readers of an image that is followed, in order."""
    reader = follows.c.reader
    return select(reader).distinct().select_from(_FOLLOWED).where(_of(host, image), _IN_WORK).order_by(reader)


def shortest_poll(host: str, image: str, reader: str) -> Select[Any]:
    """Select the smallest number of seconds after which somebody wants an image looked at; NULL: nobody does."""
    return (
        select(func.min(follows.c.poll_seconds))
        .select_from(_FOLLOWED)
        .where(_of(host, image), follows.c.reader == reader, _IN_WORK)
    )


def followed_by(installation: int | None) -> Select[Any]:
    """Select the images that an installation (None: any) follows, each with its reader, in order."""
    image = (follows.c.host, follows.c.image, follows.c.reader)
    ours = () if installation is None else (repositories.c.installation == installation,)
    return select(*image).distinct().select_from(_FOLLOWED).where(*ours, _IN_WORK).order_by(*image)


def _of(host: str, image: str) -> ColumnElement[bool]:
    return and_(follows.c.host == host, follows.c.image == image)
