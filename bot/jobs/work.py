"""Every kind of work, as a value: asking for work is naming its kind and its key."""

import json
import re
from dataclasses import MISSING, astuple, dataclass, fields
from enum import IntEnum
from typing import Any, ClassVar, Final

LONGEST_KEY: Final = 512  # characters; a key stands in unique indexes, whose rows are limited


class Priority(IntEnum):
    """What goes first when slots are scarce; a greater number is sooner."""

    COMMAND = 60
    MERGE = 50
    BUMP = 40
    REVIEW = 30
    SCAN = 20
    INDEX = 10
    POLL = 5


class InvalidWork(ValueError):
    """A kind or key that names no work: `kind` and `key` say which, `problem` says why."""

    def __init__(self, kind: str, key: str, problem: str) -> None:
        super().__init__(f"{kind} {key[:LONGEST_KEY]!r} names no work: {problem}")
        self.kind, self.key, self.problem = kind, key, problem


@dataclass(frozen=True, slots=True)
class _OfImage:
    """Work on one image as one reader reads it: `credential` is the reader, "" for nobody in particular.

    One registry's images share its slots, so that a slow registry holds up only itself.
    """

    priority: ClassVar[Priority] = Priority.SCAN
    host: str
    repository: str
    credential: str = ""

    @property
    def owner(self) -> str:
        return f"registry:{self.host}"


@dataclass(frozen=True, slots=True)
class AnnounceImage:
    """Something says that an image changed: everybody who reads it is to look."""

    priority: ClassVar[Priority] = Priority.SCAN
    host: str
    repository: str

    @property
    def owner(self) -> str:
        """Nobody's: it asks no registry, so it need not wait for one."""
        return ""


@dataclass(frozen=True, slots=True)
class ScanImage(_OfImage):
    """Read an image's tags from its registry and tell the repositories that follow it."""


@dataclass(frozen=True, slots=True)
class PollImage(_OfImage):
    """Ask an image's registry whether anything changed, every few minutes; scan it if so."""

    priority: ClassVar[Priority] = Priority.POLL


@dataclass(frozen=True, slots=True)
class ReconsiderImage(_OfImage):
    """Scan an image once more when time alone may have changed what is decided about it.

    A kind of its own, so that a look that is due later holds up none that is asked for sooner.
    """


class _OfInstallation:
    """Work on behalf of one installation, which shares its slots."""

    __slots__ = ()
    installation: int

    @property
    def owner(self) -> str:
        return f"installation:{self.installation}"


@dataclass(frozen=True, slots=True)
class BumpRepository(_OfInstallation):
    """Bring one group of a repository's images up to date: open, update or close its pull request."""

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    group: str


@dataclass(frozen=True, slots=True)
class MergeBump(_OfInstallation):
    """Merge a group's pull request if everything allows it."""

    priority: ClassVar[Priority] = Priority.MERGE
    installation: int
    repository: int
    group: str


@dataclass(frozen=True, slots=True)
class FollowHead(_OfInstallation):
    """Something was said about a commit: see whether a pull request of ours stands at it."""

    priority: ClassVar[Priority] = Priority.MERGE
    installation: int
    repository: int
    head: str


@dataclass(frozen=True, slots=True)
class FollowPullRequest(_OfInstallation):
    """Something happened to a pull request: see whether it is ours.

    `head`: where its branch stands, if all that happened is a push; "" for whatever else.
    """

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    number: int
    head: str = ""


@dataclass(frozen=True, slots=True)
class RecreateBump(_OfInstallation):
    """Make a group's branch anew as one commit on its base, if the branch still stands at `head`."""

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    group: str
    head: str


@dataclass(frozen=True, slots=True)
class ObeyComment(_OfInstallation):
    """Somebody wrote a comment with commands for the bot: `number` is the issue's or the pull request's."""

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    number: int
    comment: int


@dataclass(frozen=True, slots=True)
class ObeyCheckboxes(_OfInstallation):
    """Somebody ticked boxes of the dashboard: `commands` are what these say, a line each."""

    priority: ClassVar[Priority] = Priority.COMMAND
    installation: int
    repository: int
    number: int
    login: str
    commands: str


@dataclass(frozen=True, slots=True)
class UpdateDashboard(_OfInstallation):
    """Bring a repository's dashboard issue to what there is to see, or close it where none is asked for."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class ReportPolicyFile(_OfInstallation):
    """Say on the default branch's head what is wrong with the policy file."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class IndexRepository(_OfInstallation):
    """Find the images in a repository's files and remember where they stand."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class SynchroniseInstallation(_OfInstallation):
    """Learn which repositories an installation has."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int


@dataclass(frozen=True, slots=True)
class SynchroniseRepository(_OfInstallation):
    """Learn a repository's name, default branch and visibility again."""

    priority: ClassVar[Priority] = Priority.INDEX
    installation: int
    repository: int


@dataclass(frozen=True, slots=True)
class ChooseReaders(_OfInstallation):
    """Look again which credential reads which image of an installation, for its credentials changed."""

    priority: ClassVar[Priority] = Priority.SCAN
    installation: int


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """Forget what is old: handled deliveries, branches left over."""

    priority: ClassVar[Priority] = Priority.INDEX

    @property
    def owner(self) -> str:
        """Nobody's: it is not limited by anybody's share."""
        return ""


@dataclass(frozen=True, slots=True)
class SweepDeliveries:
    """Ask GitHub to bring again what it could not bring while the bot was down."""

    priority: ClassVar[Priority] = Priority.INDEX

    @property
    def owner(self) -> str:
        """Nobody's: it is not limited by anybody's share."""
        return ""


Work = (
    AnnounceImage
    | ScanImage
    | PollImage
    | ReconsiderImage
    | BumpRepository
    | MergeBump
    | FollowHead
    | FollowPullRequest
    | RecreateBump
    | ObeyComment
    | ObeyCheckboxes
    | UpdateDashboard
    | ReportPolicyFile
    | IndexRepository
    | SynchroniseInstallation
    | SynchroniseRepository
    | ChooseReaders
    | Housekeeping
    | SweepDeliveries
)


def kind(work: Work | type[Any]) -> str:
    """Name the kind of a piece of work, or of its type: "scan-image" for ScanImage."""
    name = work.__name__ if isinstance(work, type) else type(work).__name__
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()


KINDS: Final[dict[str, type[Work]]] = {
    kind(work_type): work_type
    for work_type in (
        AnnounceImage,
        ScanImage,
        PollImage,
        ReconsiderImage,
        BumpRepository,
        MergeBump,
        FollowHead,
        FollowPullRequest,
        RecreateBump,
        ObeyComment,
        ObeyCheckboxes,
        UpdateDashboard,
        ReportPolicyFile,
        IndexRepository,
        SynchroniseInstallation,
        SynchroniseRepository,
        ChooseReaders,
        Housekeeping,
        SweepDeliveries,
    )
}


def key(work: Work) -> str:
    """Write the fields of a piece of work as a compact JSON list: the same work has the same key.

    Raises InvalidWork if a store could not hold the key (too long, or characters that a store refuses).
    """
    text = json.dumps(astuple(work), separators=(",", ":"), ensure_ascii=False)
    if len(text) > LONGEST_KEY:
        raise InvalidWork(kind(work), text, f"its key is longer than {LONGEST_KEY} characters")
    if "\\u0000" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidWork(kind(work), ascii(text), "its key holds a NUL or half a surrogate pair")
    return text


def parse(kind: str, key: str) -> Work:
    """Read a piece of work from its kind and key, the other way of `kind` and `key`.

    Raises InvalidWork if the kind is unknown or the key does not fit its fields.
    """
    work_type = KINDS.get(kind)
    if work_type is None:
        raise InvalidWork(kind, key, "there is no such kind")
    values: list[Any] = _values(kind, key)
    # An older version may have asked for it before a field was added at the end.
    values += [field.default for field in fields(work_type)[len(values) :] if field.default is not MISSING]
    expected = [field.type for field in fields(work_type)]
    if [type(value) for value in values] != expected:
        raise InvalidWork(kind, key, "its key does not have the fields of this kind")
    return work_type(*values)


def _values(kind: str, key: str) -> list[Any]:
    try:
        values = json.loads(key)
    except (ValueError, RecursionError) as error:
        raise InvalidWork(kind, key, "its key is not JSON") from error
    if not isinstance(values, list):
        raise InvalidWork(kind, key, "its key is not a list")
    return values


def priority(work: Work) -> Priority:
    """Tell how urgent a piece of work is."""
    return work.priority


def owner(work: Work) -> str:
    """Tell whose share of the slots a piece of work uses; "" is nobody's and not limited."""
    return work.owner
