"""Work on promotions: images on their way to their next repository."""

from dataclasses import dataclass
from typing import ClassVar

from bot.jobs.owners import OfInstallation
from bot.jobs.priorities import Priority


@dataclass(frozen=True, slots=True)
class FollowPromotion(OfInstallation):
    """Something may be new in the repository that a promotion takes images from: find the tags to judge."""

    priority: ClassVar[Priority] = Priority.SCAN
    installation: int
    repository: int
    promotion: str


@dataclass(frozen=True, slots=True)
class PromoteImage:
    """Judge one image and, where its promotion's criteria hold, bring it to its next repository.

    `run` is the row of the promotion's history that says which. A copy may take hours, so it shares the slots of work
    at registries, not those of its installation's commands and merges.
    """

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    run: int

    @property
    def owner(self) -> str:
        """Name the copies of an installation, as work at a registry."""
        return f"registry:copies-of-{self.installation}"


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """There is new evidence about an image: whoever judged it judges it again. `digest` "": whatever waits there."""

    priority: ClassVar[Priority] = Priority.SCAN
    host: str
    image: str
    digest: str = ""

    @property
    def owner(self) -> str:
        """Nobody's: it asks no registry, so it need not wait for one."""
        return ""


@dataclass(frozen=True, slots=True)
class ProposePromotions(OfInstallation):
    """Bring the pull request that proposes a promotion's images to what there is to propose."""

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    promotion: str


@dataclass(frozen=True, slots=True)
class CopyPromoted(OfInstallation):
    """Copy what a promotion's map on the default branch names and its target has not yet."""

    priority: ClassVar[Priority] = Priority.BUMP
    installation: int
    repository: int
    promotion: str


@dataclass(frozen=True, slots=True)
class ReportPromotion(OfInstallation):
    """Say on the commit that an image was built from what became of its promotion; `run` as for PromoteImage."""

    priority: ClassVar[Priority] = Priority.REVIEW
    installation: int
    repository: int
    run: int
