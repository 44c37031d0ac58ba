"""The shape of the policy file: which keys stand where, and what each holds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.policies import kinds, values
from bot.policies.policy import MergeMethod
from bot.policies.section import MOST_ITEMS, AlsoReadBy, Section
from bot.selection import Strategy
from bot.selection.rule import ANY_VERSION, SIGNATURES_AND_ATTESTATIONS


class AutoMergeSection(Section):
    """The key `auto-merge`, where it is more than true or false."""

    method: kinds.Method = MergeMethod.SQUASH


class PullRequestSection(Section):
    """The key `pull-request`."""

    branch: kinds.BranchTemplate = "niro/{name}"
    base: kinds.Branch | None = None
    title: kinds.Title = "Bump {image} from {from} to {to}"
    labels: tuple[kinds.Label, ...] = Field(default=(), max_length=MOST_ITEMS)
    auto_merge: Annotated[AutoMergeSection | None, AlsoReadBy(values.read_auto_merge, (kinds.FLAG_SCHEMA,))] = None


class UpdateSection(Section):
    """The key `update`: which files are touched."""

    paths: Annotated[tuple[kinds.PathGlob, ...], kinds.NOT_EMPTY] = Field(default=("**",), max_length=MOST_ITEMS)


class DefaultsSection(Section):
    """The keys of an image policy that may also stand under `defaults`."""

    enabled: kinds.Flag = True
    strategy: kinds.StrategyName = Strategy.SEMVER
    range: kinds.Range = ANY_VERSION
    exclude: tuple[kinds.Pattern, ...] = Field(default=SIGNATURES_AND_ATTESTATIONS, max_length=MOST_ITEMS)
    platforms: Annotated[tuple[kinds.PlatformName, ...], Field(max_length=MOST_ITEMS), kinds.NOT_EMPTY] | None = None
    update: UpdateSection = UpdateSection()
    pull_request: PullRequestSection = PullRequestSection()


class ImageSection(DefaultsSection):
    """One item of `images`."""

    image: kinds.Image
    name: kinds.Name | None = None


class FileSection(Section):
    """The whole file."""

    version: kinds.FormatVersion
    enabled: kinds.Flag = True
    defaults: DefaultsSection = DefaultsSection()
    images: tuple[ImageSection, ...] = ()
