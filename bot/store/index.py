"""The index: which image stands in which file of which repository, so that a new tag finds its files at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, or_, select

from bot.store.database import Database, pieces
from bot.store.dialects import insert, upsert
from bot.store.following import Follower, followed_by, followers_of, readers_of, shortest_poll
from bot.store.tables import (
    index_files,
    index_images,
    index_states,
    installations,
    policy_files,
    repositories,
)


@dataclass(frozen=True, slots=True)
class ImageUse:
    """An image as one file names it: `host` and `repository` are those of its normalised reference."""

    host: str
    repository: str
    tag: str | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file at one blob: the images in it, and whatever else was found, as JSON that the store does not read.

    `surroundings` is what the file tells of what stands beside images; "" is nothing.
    """

    path: str
    blob: str
    images: tuple[ImageUse, ...]
    occurrences: str
    surroundings: str = ""


@dataclass(frozen=True, slots=True)
class IndexState:
    """The commit, and its tree, whose files the index holds completely."""

    commit: str
    tree: str


class Index:
    """The tables of the index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, repository: int) -> dict[str, str]:
        """Return the blob of each path that the index holds, also of an indexing that did not end."""
        statement = select(index_files.c.path, index_files.c.blob).where(index_files.c.repository == repository)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return {row.path: row.blob for row in rows}

    async def put(self, repository: int, files: Sequence[IndexedFile]) -> None:
        """Insert files or replace what was known of their paths, in pieces of some hundred.

        Raises UnknownOwner when the repository is not stored, UnstorableValue for a path of more than 2,048 bytes.
        """
        for some in pieces(files):
            await self._database.write(partial(_put, repository=repository, files=some))

    async def forget(self, repository: int, paths: Iterable[str]) -> None:
        """Remove files from the index; unknown paths are no error."""
        for some in pieces(sorted(set(paths))):
            await self._database.write(partial(_forget, repository=repository, paths=some))

    async def clear(self, repository: int) -> None:
        """Remove everything that the index holds of a repository."""

        def work(connection: Connection) -> None:
            connection.execute(delete(index_states).where(index_states.c.repository == repository))
            connection.execute(delete(index_files).where(index_files.c.repository == repository))

        await self._database.write(work)

    async def reopen(self, repository: int) -> None:
        """Note that the index has to be brought up to date, whatever it holds; until `finish`, `state` is None."""
        statement = delete(index_states).where(index_states.c.repository == repository)
        await self._database.write(lambda c: c.execute(statement) and None)

    async def unfinished(self, installation: int) -> list[int]:
        """Return the repositories never looked at, and those with a policy file whose indexing has not ended, by id.

        Archived repositories are left out.
        """
        statement = (
            select(repositories.c.id)
            .select_from(repositories.outerjoin(policy_files).outerjoin(index_states))
            .where(repositories.c.installation == installation, _is_unfinished())
            .order_by(repositories.c.id)
        )
        return await self._database.read(lambda c: list(c.execute(statement).scalars()))

    async def all_unfinished(self) -> list[tuple[int, int]]:
        """Return as `unfinished` does, over all installations that are not suspended: installation and repository.

        Without those whose policy file has problems: nothing is read there until it is mended.
        """
        statement = (
            select(repositories.c.installation, repositories.c.id)
            .select_from(repositories.join(installations).outerjoin(policy_files).outerjoin(index_states))
            .where(
                installations.c.suspended.is_(False),
                _is_unfinished(),
                or_(policy_files.c.repository.is_(None), policy_files.c.problems == "[]"),
            )
            .order_by(repositories.c.installation, repositories.c.id)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [(row.installation, row.id) for row in rows]

    async def finish(self, repository: int, commit: str, tree: str) -> None:
        """Note that the index holds every file of `commit`. Raises UnknownOwner when the repository is not stored."""
        values = {"repository": repository, "commit": commit, "tree": tree}
        await self._database.write(lambda c: upsert(c, index_states, values))

    async def state(self, repository: int) -> IndexState | None:
        """Return the commit that was indexed last to its end; None: none was."""
        statement = select(index_states).where(index_states.c.repository == repository)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else IndexState(row.commit, row.tree)

    async def files(self, repository: int) -> list[IndexedFile]:
        """Return every file of a repository's index by path."""
        return await self._files(index_files.c.repository == repository)

    async def files_using(self, repository: int, host: str, image: str) -> list[IndexedFile]:
        """Return the files that name an image, by path, each with all its images."""
        use = index_images.alias()
        uses = exists().where(
            use.c.host == host,
            use.c.image == image,
            use.c.repository == repository,
            use.c.path == index_files.c.path,
        )
        return await self._files(index_files.c.repository == repository, uses)

    async def surroundings(self, repository: int) -> dict[str, str]:
        """Return what each file of a repository tells of what stands beside images, where it tells something."""
        column = index_files.c
        statement = select(column.path, column.surroundings).where(
            column.repository == repository, column.surroundings != ""
        )
        rows = await self._database.read(lambda c: c.execute(statement.order_by(column.path)).all())
        return {row.path: row.surroundings for row in rows}

    async def images(self, repository: int) -> list[tuple[str, str]]:
        """Return the different images that a repository's files name, as host and repository, in order."""
        name = (index_images.c.host, index_images.c.image)
        statement = select(*name).where(index_images.c.repository == repository).distinct().order_by(*name)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [(row.host, row.image) for row in rows]

    async def _files(self, *where: ColumnElement[bool]) -> list[IndexedFile]:
        joined = index_files.outerjoin(index_images)
        statement = (
            select(index_files, *(index_images.c[name] for name in ("host", "image", "tag", "digest")))
            .select_from(joined)
            .where(*where)
            .order_by(index_files.c.path, index_images.c.position)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [_file(list(group)) for _, group in groupby(rows, key=lambda row: row.path)]

    async def followers(self, host: str, image: str, reader: str | None = None) -> list[Follower]:
        """Return the policies that follow an image, without those of archived repositories and suspended installations.

        `host` and `image` are those of a normalised reference ("docker.io", "library/nginx"). `reader`: only those
        whose image this one reads; None: all.
        """
        rows = await self._database.read(lambda c: c.execute(followers_of(host, image, reader)).all())
        return [Follower(row.installation, row.repository, row.policy) for row in rows]

    async def readers(self, host: str, image: str) -> list[str]:
        """Return the ids of those who read an image for its followers, in order; "" is nobody in particular."""
        return await self._database.read(lambda c: list(c.execute(readers_of(host, image)).scalars()))

    async def polled(self, host: str, image: str, reader: str) -> int | None:
        """Return after how many seconds an image should be looked at again; None: nobody follows it with this reader.

        The smallest that a follower wants, without archived repositories and suspended installations.
        """
        return await self._database.read(lambda c: c.execute(shortest_poll(host, image, reader)).scalar())

    async def followed_images(self, installation: int | None = None) -> list[tuple[str, str, str]]:
        """Return host, image and reader of all that is followed, by one installation or (None) by any, in order.

        Without archived repositories and suspended installations.
        """
        rows = await self._database.read(lambda c: c.execute(followed_by(installation)).all())
        return [(row.host, row.image, row.reader) for row in rows]


def _is_unfinished() -> ColumnElement[bool]:
    never_looked_at = policy_files.c.repository.is_(None)
    not_ended = and_(policy_files.c.blob.is_not(None), index_states.c.repository.is_(None))
    return and_(repositories.c.archived.is_(False), or_(never_looked_at, not_ended))


def _put(connection: Connection, repository: int, files: Sequence[IndexedFile]) -> None:
    latest = {file.path: file for file in files}
    files = [latest[path] for path in sorted(latest)]
    upsert(
        connection,
        index_files,
        *(
            {
                "repository": repository,
                "path": file.path,
                "blob": file.blob,
                "occurrences": file.occurrences,
                "surroundings": file.surroundings,
            }
            for file in files
        ),
    )
    old = delete(index_images).where(
        index_images.c.repository == repository, index_images.c.path == bindparam("its_path")
    )
    connection.execute(old, [{"its_path": file.path} for file in files])
    images = [
        {
            "repository": repository,
            "path": file.path,
            "position": position,
            "host": use.host,
            "image": use.repository,
            "tag": use.tag,
            "digest": use.digest,
        }
        for file in files
        for position, use in enumerate(dict.fromkeys(file.images))
    ]
    if images:
        connection.execute(insert(connection, index_images), images)


def _forget(connection: Connection, repository: int, paths: Sequence[str]) -> None:
    statement = delete(index_files).where(
        index_files.c.repository == repository, index_files.c.path == bindparam("its_path")
    )
    connection.execute(statement, [{"its_path": path} for path in paths])


def _file(rows: Sequence[Any]) -> IndexedFile:
    """Make a file of its rows, one for each image; a file without images has one row without a host."""
    first = rows[0]
    images = tuple(ImageUse(row.host, row.image, row.tag, row.digest) for row in rows if row.host is not None)
    return IndexedFile(first.path, first.blob, images, first.occurrences, first.surroundings)
