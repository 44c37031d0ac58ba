"""The shape of the policy file: which keys stand where, and what each holds."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - pydantic reads annotations
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bot.images import ImageReference, Platform
from bot.policies import values
from bot.policies.policy import MergeMethod
from bot.selection import Constraint, Strategy
from bot.selection.rule import ANY_VERSION, SIGNATURES_AND_ATTESTATIONS

MOST_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Tells pydantic that a value is whatever this function makes of the text in the file, and nothing else."""

    read: Callable[[object], object]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer pydantic's question how to validate; the type itself is none of its business."""
        return core_schema.no_info_plain_validator_function(self.read)


Flag = Annotated[bool, ReadBy(values.read_flag)]
Image = Annotated[ImageReference, ReadBy(values.read_image)]
Name = Annotated[str, ReadBy(values.read_name)]
StrategyName = Annotated[Strategy, ReadBy(values.read_strategy)]
Range = Annotated[Constraint, ReadBy(values.read_range)]
Pattern = Annotated[str, ReadBy(values.read_pattern)]
PlatformName = Annotated[Platform, ReadBy(values.read_platform)]
PathGlob = Annotated[str, ReadBy(values.read_path)]
Branch = Annotated[str, ReadBy(values.read_branch)]
BranchTemplate = Annotated[str, ReadBy(values.read_branch_template)]
Title = Annotated[str, ReadBy(values.read_title)]
Label = Annotated[str, ReadBy(values.read_label)]
Method = Annotated[MergeMethod, ReadBy(values.read_merge_method)]
FormatVersion = Annotated[int, ReadBy(values.read_version)]


NOT_EMPTY: Final = BeforeValidator(values.refuse_empty)


def _kebab_case(name: str) -> str:
    return name.replace("_", "-")


class Section(BaseModel):
    """A mapping of the policy file: keys in kebab-case, and no others."""

    model_config = ConfigDict(alias_generator=_kebab_case, extra="forbid", frozen=True)


class AutoMergeSection(Section):
    """The key `auto-merge`, where it is more than true or false."""

    method: Method = MergeMethod.SQUASH


class PullRequestSection(Section):
    """The key `pull-request`."""

    branch: BranchTemplate = "niro/{name}"
    base: Branch | None = None
    title: Title = "Bump {image} from {from} to {to}"
    labels: tuple[Label, ...] = Field(default=(), max_length=MOST_ITEMS)
    auto_merge: Annotated[AutoMergeSection | None, BeforeValidator(values.read_auto_merge)] = None


class UpdateSection(Section):
    """The key `update`: which files are touched."""

    paths: Annotated[tuple[PathGlob, ...], NOT_EMPTY] = Field(default=("**",), max_length=MOST_ITEMS)


class DefaultsSection(Section):
    """The keys of an image policy that may also stand under `defaults`."""

    enabled: Flag = True
    strategy: StrategyName = Strategy.SEMVER
    range: Range = ANY_VERSION
    exclude: tuple[Pattern, ...] = Field(default=SIGNATURES_AND_ATTESTATIONS, max_length=MOST_ITEMS)
    platforms: Annotated[tuple[PlatformName, ...], Field(max_length=MOST_ITEMS), NOT_EMPTY] | None = None
    update: UpdateSection = UpdateSection()
    pull_request: PullRequestSection = PullRequestSection()


class ImageSection(DefaultsSection):
    """One item of `images`."""

    image: Image
    name: Name | None = None


class FileSection(Section):
    """The whole file."""

    version: FormatVersion
    enabled: Flag = True
    defaults: DefaultsSection = DefaultsSection()
    images: tuple[ImageSection, ...] = ()
