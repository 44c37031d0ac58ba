"""The kinds of value in a policy file: how each is read, and what an editor is told of it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from bot.images import ImageReference, Platform
from bot.manifests import Mode
from bot.policies import branches, durations, hours, image_values, pattern_values, placeholders, values
from bot.policies.policy import Delivery, FluxMode, MergeMethod
from bot.policies.section import AlsoReadBy, JsonSchema, ReadBy
from bot.selection import Clock, Constraint, Order, PinDigest, Strategy, UpdateKind, Variant, Versioning

if TYPE_CHECKING:
    from enum import Enum

TEXT_SCHEMA: Final[JsonSchema] = {"type": ["string", "number", "boolean"], "minLength": 1}
STRING_SCHEMA: Final[JsonSchema] = {"type": "string", "minLength": 1}
FLAG_SCHEMA: Final[JsonSchema] = {"type": "boolean"}
DURATION_SCHEMA: Final[JsonSchema] = {"type": "string", "pattern": durations.DURATION_PATTERN}
NAME_SCHEMA: Final[JsonSchema] = {
    **TEXT_SCHEMA,
    "pattern": f"^{image_values.NAME_PATTERN}$",
    "maxLength": image_values.LONGEST_NAME,
}
MOST_PULL_REQUESTS: Final = 1_000
MOST_ASSIGNEES: Final = 10  # GitHub takes no more

NOT_EMPTY: Final = AlsoReadBy(values.refuse_empty, narrowed={"minItems": 1})


def word_of(words: type[Enum]) -> ReadBy:
    """Tell pydantic and editors that a value is one word of an enum."""
    return ReadBy(values.reader_of(words), {"enum": [word.value for word in words]})


def read_flux(value: object) -> FluxMode:
    """Read what is done about Flux's own objects; off, false and no are one."""
    return FluxMode.OFF if values.is_off(value) else _FLUX(value)


_FLUX = values.reader_of(FluxMode)

Flag = Annotated[bool, ReadBy(values.read_flag, FLAG_SCHEMA)]
Text = Annotated[str, ReadBy(values.read_text, TEXT_SCHEMA)]
Duration = Annotated[timedelta, ReadBy(durations.read_duration, DURATION_SCHEMA, durations.shown_duration)]
Poll = Annotated[timedelta, ReadBy(durations.read_poll, DURATION_SCHEMA, durations.shown_duration)]
PullRequestCount = Annotated[
    int,
    ReadBy(
        values.reader_of_number(1, MOST_PULL_REQUESTS),
        {"type": "integer", "minimum": 1, "maximum": MOST_PULL_REQUESTS},
    ),
]
FormatVersion = Annotated[int, ReadBy(values.read_version, {"const": 1})]
Flux = Annotated[FluxMode, ReadBy(read_flux, {"enum": [*(mode.value for mode in FluxMode), False]})]

Image = Annotated[ImageReference, ReadBy(image_values.read_image, {**STRING_SCHEMA, "pattern": r"^[^\s@]+$"})]
Name = Annotated[str, ReadBy(image_values.read_name, NAME_SCHEMA)]
Credential = Annotated[
    str,
    ReadBy(
        image_values.read_credential,
        {**TEXT_SCHEMA, "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "maxLength": image_values.LONGEST_NAME},
    ),
]
PlatformName = Annotated[
    Platform, ReadBy(image_values.read_platform, {**STRING_SCHEMA, "pattern": "^[^/]+/[^/]+(/[^/]+)?$"})
]
TagName = Annotated[
    str, ReadBy(image_values.read_tag, {**TEXT_SCHEMA, "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"})
]
Pin = Annotated[str, ReadBy(image_values.read_pin, TEXT_SCHEMA)]

StrategyName = Annotated[Strategy, word_of(Strategy)]
Range = Annotated[Constraint, ReadBy(image_values.read_range, TEXT_SCHEMA, lambda constraint: constraint.text)]
VariantName = Annotated[Variant, word_of(Variant)]
VersioningName = Annotated[Versioning, word_of(Versioning)]
ClockName = Annotated[Clock, word_of(Clock)]
OrderName = Annotated[Order, word_of(Order)]
PinDigestName = Annotated[PinDigest, word_of(PinDigest)]
UpdateName = Annotated[UpdateKind, word_of(UpdateKind)]
ModeName = Annotated[Mode, word_of(Mode)]

Pattern = Annotated[str, ReadBy(pattern_values.read_pattern, STRING_SCHEMA)]
Template = Annotated[str, ReadBy(pattern_values.read_template, STRING_SCHEMA)]
PathGlob = Annotated[str, ReadBy(pattern_values.read_path, {**TEXT_SCHEMA, "maxLength": pattern_values.LONGEST_PATH})]

Branch = Annotated[str, ReadBy(placeholders.read_branch, {**TEXT_SCHEMA, "maxLength": branches.LONGEST_BRANCH})]
BranchTemplate = Annotated[
    str, ReadBy(placeholders.read_branch_template, {**TEXT_SCHEMA, "maxLength": branches.LONGEST_BRANCH})
]
DeliveryName = Annotated[Delivery, word_of(Delivery)]
Method = Annotated[MergeMethod, word_of(MergeMethod)]
Title = Annotated[str, ReadBy(placeholders.read_title, {**TEXT_SCHEMA, "maxLength": placeholders.LONGEST_TITLE})]
Message = Annotated[str, ReadBy(placeholders.read_message, {**TEXT_SCHEMA, "maxLength": placeholders.LONGEST_MESSAGE})]
Author = Annotated[
    str,
    ReadBy(
        placeholders.read_author,
        {**TEXT_SCHEMA, "maxLength": placeholders.LONGEST_AUTHOR, "pattern": placeholders.AUTHOR_PATTERN},
    ),
]
Label = Annotated[str, ReadBy(placeholders.read_label, {**TEXT_SCHEMA, "maxLength": placeholders.LONGEST_LABEL})]
Reviewer = Annotated[str, ReadBy(placeholders.read_reviewer, TEXT_SCHEMA)]
Assignee = Annotated[str, ReadBy(placeholders.read_assignee, TEXT_SCHEMA)]

Days = Annotated[
    frozenset[int],
    ReadBy(hours.read_days, {"anyOf": [STRING_SCHEMA, {"type": "array", "items": STRING_SCHEMA, "minItems": 1}]}),
]
Hours = Annotated[tuple[time, time], ReadBy(hours.read_hours, {"type": "string", "pattern": hours.HOURS_PATTERN})]
Timezone = Annotated[str, ReadBy(hours.read_timezone, STRING_SCHEMA)]
