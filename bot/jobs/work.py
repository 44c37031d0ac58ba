"""Every kind of work, as a value: asking for work is naming its kind and its key."""

import json
import re
from dataclasses import MISSING, astuple, dataclass, fields
from typing import Any, ClassVar, Final

from bot.jobs.image_work import AnnounceImage, PollImage, ReconsiderImage, ScanImage
from bot.jobs.installation_work import (
    BumpRepository,
    ChooseReaders,
    FollowHead,
    FollowPullRequest,
    IndexRepository,
    MergeBump,
    ObeyCheckboxes,
    ObeyComment,
    PressButton,
    RecreateBump,
    ReportPolicyFile,
    ReviewHead,
    ReviewMergeGroup,
    ReviewPullRequest,
    SynchroniseInstallation,
    SynchroniseRepository,
    UpdateDashboard,
)
from bot.jobs.priorities import Priority
from bot.jobs.promotion_work import (
    CopyPromoted,
    FollowPromotion,
    JudgeAgain,
    PromoteImage,
    ProposePromotions,
    ReportPromotion,
)

__all__ = [
    "KINDS",
    "LONGEST_KEY",
    "AnnounceImage",
    "BumpRepository",
    "ChooseReaders",
    "CopyPromoted",
    "FollowHead",
    "FollowPromotion",
    "FollowPullRequest",
    "Housekeeping",
    "IndexRepository",
    "InvalidWork",
    "JudgeAgain",
    "MergeBump",
    "ObeyCheckboxes",
    "ObeyComment",
    "PollImage",
    "PressButton",
    "Priority",
    "PromoteImage",
    "ProposePromotions",
    "ReconsiderImage",
    "RecreateBump",
    "ReportPolicyFile",
    "ReportPromotion",
    "ReviewHead",
    "ReviewMergeGroup",
    "ReviewPullRequest",
    "ScanImage",
    "SweepDeliveries",
    "SynchroniseInstallation",
    "SynchroniseRepository",
    "UpdateDashboard",
    "Work",
    "key",
    "kind",
    "owner",
    "parse",
    "priority",
]

LONGEST_KEY: Final = 512  # characters; a key stands in unique indexes, whose rows are limited


class InvalidWork(ValueError):
    """A kind or key that names no work: `kind` and `key` say which, `problem` says why."""

    def __init__(self, kind: str, key: str, problem: str) -> None:
        super().__init__(f"{kind} {key[:LONGEST_KEY]!r} names no work: {problem}")
        self.kind, self.key, self.problem = kind, key, problem


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
    | ReviewPullRequest
    | ReviewHead
    | ReviewMergeGroup
    | PressButton
    | IndexRepository
    | SynchroniseInstallation
    | SynchroniseRepository
    | ChooseReaders
    | FollowPromotion
    | PromoteImage
    | JudgeAgain
    | ProposePromotions
    | CopyPromoted
    | ReportPromotion
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
        ReviewPullRequest,
        ReviewHead,
        ReviewMergeGroup,
        PressButton,
        IndexRepository,
        SynchroniseInstallation,
        SynchroniseRepository,
        ChooseReaders,
        FollowPromotion,
        PromoteImage,
        JudgeAgain,
        ProposePromotions,
        CopyPromoted,
        ReportPromotion,
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
    if any(_is_refused(character) for value in astuple(work) if isinstance(value, str) for character in value):
        raise InvalidWork(kind(work), ascii(text), "its key holds a NUL or half a surrogate pair")
    return text


def _is_refused(character: str) -> bool:
    """Whether no store takes a character: a NUL, or half a surrogate pair."""
    return character == "\0" or "\ud800" <= character <= "\udfff"


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
