"""Reviews: what each pull request was last looked at with, and what came of it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.dialects import upsert
from bot.store.tables import reviews


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """The latest review of a pull request: the commits it compared, and which text was said.

    `policy` is the blob of the base branch's policy file, `digest` a hash of all that was said, `conclusion` the
    check's, in GitHub's word. `again_at`: when to look again although nothing was pushed; None: never.
    """

    repository: int
    number: int
    head: str
    merge_base: str
    policy: str
    digest: str
    conclusion: str
    cross_repository: bool
    at: datetime
    again_at: datetime | None


class Reviews:
    """The table of reviews, one for each pull request at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, record: ReviewRecord) -> None:
        """Note a review instead of the pull request's earlier one. Raises UnknownOwner without the repository."""
        await self._database.write(lambda c: upsert(c, reviews, asdict(record)))

    async def get(self, repository: int, number: int) -> ReviewRecord | None:
        """Return a pull request's latest review; None: there is none, or it is forgotten."""
        found = await self._find(_this(repository, number), limit=1)
        return found[0] if found else None

    async def all_by_head(self, repository: int, head: str) -> list[ReviewRecord]:
        """Return the reviews of all pull requests that end at a commit, the newest first; at most a hundred."""
        return await self._find(reviews.c.repository == repository, reviews.c.head == head, limit=100)

    async def of(self, repository: int, limit: int = 100) -> list[ReviewRecord]:
        """Return a repository's latest reviews, the newest first."""
        return await self._find(reviews.c.repository == repository, limit=limit)

    async def remove(self, repository: int, number: int) -> None:
        """Forget the review of a pull request; one that is not known is no error."""
        statement = delete(reviews).where(_this(repository, number))
        await self._database.write(lambda c: c.execute(statement) and None)

    async def prune(self, before: datetime) -> None:
        """Forget the reviews that were made before a time."""
        await delete_all(self._database, reviews, select(*reviews.primary_key).where(reviews.c.at < before))

    async def _find(self, *where: ColumnElement[bool], limit: int) -> list[ReviewRecord]:
        newest = (reviews.c.at.desc(), reviews.c.number.desc())
        statement = select(reviews).where(*where).order_by(*newest).limit(limit)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [ReviewRecord(**row._asdict()) for row in rows]


def _this(repository: int, number: int) -> ColumnElement[bool]:
    return and_(reviews.c.repository == repository, reviews.c.number == number)
