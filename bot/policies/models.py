"""The shape of the policy file: which keys stand where, and what each holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from bot.manifests import Mode
from bot.policies import enforced_keys, hours, kinds, promotion_sections, short_forms
from bot.policies.finding_sections import Environments, FindingsSection, PullSecrets
from bot.policies.policy import POLL, Delivery, FluxMode, Limits, MergeMethod
from bot.policies.section import MOST_ITEMS, AlsoReadBy, Section
from bot.selection import Clock, Order, PinDigest, Strategy, Variant, Versioning
from bot.selection.rule import ANY_VERSION, SIGNATURES_AND_ATTESTATIONS

Updates = Annotated[
    Annotated[tuple[kinds.UpdateName, ...], Field(max_length=MOST_ITEMS)] | None,
    kinds.NOT_EMPTY,
]


class FilterSection(Section):
    """The key `filter`."""

    pattern: kinds.Pattern = Field(
        description="A regular expression of RE2, searched anywhere in a tag; tags without it are left out."
    )
    extract: kinds.Template | None = Field(
        default=None,
        description="What is compared instead of the tag, made of the pattern's groups: $name, ${name}, $1.",
    )


class WindowSection(Section):
    """The key `window`: hours in which the bot may merge."""

    days: kinds.Days = Field(
        default=hours.EVERY_DAY,
        description="Days of the week: mon-fri, or mon,wed,sat-sun, or a list. Default: every day.",
        json_schema_extra={"default": "mon-sun"},
    )
    hours: kinds.Hours = Field(
        default=hours.ALL_HOURS,
        description='From when to when, as "22:00-06:00". Default: the whole day.',
        json_schema_extra={"default": "00:00-24:00"},
    )
    timezone: kinds.Timezone = Field(
        default="UTC", description="By the clock of which time zone, as the tz database names it: Europe/Berlin."
    )


class AutoMergeSection(Section):
    """The key `auto-merge`, where it is more than true or false."""

    method: kinds.Method = Field(default=MergeMethod.SQUASH, description="How the pull request is merged.")
    updates: Updates = Field(
        default=None, description="How far a change may go that is merged without a person. Default: all."
    )
    window: Annotated[WindowSection | None, AlsoReadBy(short_forms.read_window)] = Field(
        default=None, description="When the bot may merge. Default: at any time."
    )
    require_checks: kinds.Flag = Field(
        default=True, description="Whether at least one check must have reported success before the bot merges."
    )


class PullRequestSection(Section):
    """The key `pull-request`, and each group under `groups`."""

    laid_key_by_key: ClassVar[bool] = True

    delivery: kinds.DeliveryName = Field(
        default=Delivery.PULL_REQUEST, description="A pull request, or a commit straight to `branch`."
    )
    base: kinds.Branch | None = Field(
        default=None, description="The branch that is changed. Default: the repository's default branch."
    )
    branch: kinds.BranchTemplate = Field(
        default="niro/{name}",
        description="The bot's own branch; {name} stands for the name of the policy or the group.",
    )
    title: kinds.Title = Field(
        default="Bump {image} from {from} to {to}",
        description="The title, with the placeholders {image}, {from} and {to}.",
    )
    commit_message: kinds.Message | None = Field(
        default=None,
        description="The message of the commit: the title's placeholders and {changes}, {objects}, {files}. "
        "Default: the title and a list of what changes.",
    )
    author: kinds.Author | None = Field(
        default=None,
        description="Who is named as an author of the commit beside the App, as Name <email>. Default: nobody.",
    )
    labels: tuple[kinds.Label, ...] = Field(
        default=(), max_length=MOST_ITEMS, description="Labels of the pull request."
    )
    reviewers: tuple[kinds.Reviewer, ...] = Field(
        default=(), max_length=MOST_ITEMS, description="Who is asked to review: logins, and teams as organisation/team."
    )
    assignees: tuple[kinds.Assignee, ...] = Field(
        default=(), max_length=kinds.MOST_ASSIGNEES, description="Who is assigned: logins."
    )
    auto_merge: Annotated[AutoMergeSection | None, AlsoReadBy(short_forms.read_auto_merge, (kinds.FLAG_SCHEMA,))] = (
        Field(default=None, description="Whether the bot merges the pull request itself, or how. Default: false.")
    )


class UpdateSection(Section):
    """The key `update`: which files are touched."""

    laid_key_by_key: ClassVar[bool] = True

    paths: Annotated[tuple[kinds.PathGlob, ...], Field(max_length=MOST_ITEMS), kinds.NOT_EMPTY] = Field(
        default=("**",), description="Globs of the files that are kept up to date, as .gitignore reads them."
    )
    mode: kinds.ModeName = Field(
        default=Mode.AUTO,
        description="auto: places with a marker, and every reference to the image; markers: only the former.",
    )
    workflows: kinds.Flag = Field(default=False, description="Whether files in .github/workflows are touched too.")


class DefaultsSection(Section):
    """The keys of an image policy that may also stand under `defaults`."""

    poll: kinds.Poll = Field(default=POLL, description="How often the registry is asked; at least 1m.")
    enabled: kinds.Flag = Field(default=True, description="Whether anything is done; false pauses.")
    strategy: kinds.StrategyName = Field(default=Strategy.SEMVER, description="How tags are ordered.")
    range: kinds.Range = Field(
        default=ANY_VERSION,
        description="With strategy semver: which versions may be chosen; * lets no pre-release in, >=0-0 does.",
    )
    updates: Updates = Field(
        default=None, description="How far a change may go from what stands in the file. Default: all."
    )
    variant: kinds.VariantName = Field(
        default=Variant.KEEP,
        description="With strategy semver, keep: the `v`, the precision and the suffix stay; any: they may change.",
    )
    versioning: kinds.VersioningName = Field(
        default=Versioning.SEMVER, description="With strategy semver: how a tag is read as a version."
    )
    clock: kinds.ClockName = Field(
        default=Clock.PUSH, description="With strategy newest-build: what tells which build is newer."
    )
    track: kinds.TagName | None = Field(
        default=None, description="With strategy digest: the tag that is followed. Default: the one in the file."
    )
    order: kinds.OrderName = Field(
        default=Order.ASCENDING,
        description="With strategy alphabetical or numerical: asc takes the last one, desc the first.",
    )
    filter: FilterSection | None = Field(default=None, description="Which tags are looked at, and what of them.")
    exclude: tuple[kinds.Pattern, ...] = Field(
        default=SIGNATURES_AND_ATTESTATIONS,
        max_length=MOST_ITEMS,
        description="Regular expressions of RE2; a tag in which one is found is left out.",
    )
    platforms: Annotated[
        Annotated[tuple[kinds.PlatformName, ...], Field(max_length=MOST_ITEMS)] | None, kinds.NOT_EMPTY
    ] = Field(
        default=None,
        description="The platforms that an image must offer, such as linux/arm64. Default: those of the one in use.",
    )
    min_age: kinds.Duration = Field(
        default=timedelta(0), description="How long ago a tag must have appeared before it is proposed, such as 3d."
    )
    pin: kinds.Pin | None = Field(default=None, description="A tag or a digest (sha256:...); nothing else is proposed.")
    pin_digest: kinds.PinDigestName = Field(
        default=PinDigest.NEVER, description="Whether the digest is written beside the tag: tag@sha256:..."
    )
    credential: kinds.Credential | None = Field(
        default=None,
        description="The credential that reads the registry. Default: found by host and repository.",
    )
    update: UpdateSection = Field(default_factory=UpdateSection, description="Which files are touched, and where.")
    group: kinds.Name | None = Field(
        default=None, description="The group whose pull request the policy shares. Default: it has its own."
    )
    pull_request: PullRequestSection = Field(
        default_factory=PullRequestSection, description="How a change is delivered; of a policy without a group."
    )


class ImageSection(DefaultsSection):
    """One item of `images`."""

    image: kinds.Image = Field(
        description="The image without tag and digest; `*` and `?` in the last segment stand for many images."
    )
    name: kinds.Name | None = Field(
        default=None,
        description="The name of the policy, in markers, branches and commands. Default: the image's last segment.",
    )


class LimitsSection(Section):
    """The key `limits`: how much a repository is asked to look at."""

    open_pull_requests: kinds.PullRequestCount = Field(
        default=Limits().open_pull_requests, description="How many pull requests of the bot may be open at once."
    )
    new_per_hour: kinds.PullRequestCount = Field(
        default=Limits().new_per_hour, description="How many pull requests the bot may open within an hour."
    )


class FileSection(Section):
    """The whole file."""

    version: kinds.FormatVersion = Field(description="The version of this format; there is one.")
    enabled: kinds.Flag = Field(default=True, description="Whether anything is done in this repository.")
    flux: kinds.Flux = Field(
        default=FluxMode.OFF, description="What is done about Flux's own objects in this repository."
    )
    dashboard: kinds.Flag = Field(
        default=False, description="Whether an issue shows everything that is open, held or failing."
    )
    limits: LimitsSection = Field(default_factory=LimitsSection, description="How many pull requests there may be.")
    defaults: DefaultsSection = Field(
        default_factory=DefaultsSection, description="What holds for each policy that does not say otherwise."
    )
    images: tuple[ImageSection, ...] = Field(default=(), description="The policies, one for each image or glob.")
    groups: dict[str, PullRequestSection] = Field(
        default_factory=dict,
        description="Pull requests that several policies share, by the group's name, with the keys of `pull-request`.",
    )
    environments: Environments = Field(
        default=(), description="Parts of the repository by their paths; the first that matches a file counts."
    )
    pull_secrets: PullSecrets = Field(
        default=(), description="The Secrets that manifests should name for private registries."
    )
    findings: FindingsSection = Field(
        default_factory=FindingsSection, description="What is reported about images in manifests, and how loud."
    )
    promotions: promotion_sections.Promotions = Field(
        default=(), description="Images that are copied on to another repository once they are good enough."
    )
    enforce: tuple[enforced_keys.EnforcedKey, ...] = Field(
        default=(),
        max_length=MOST_ITEMS,
        description="In the organisation's own file: keys that its repositories may only make stricter.",
    )
