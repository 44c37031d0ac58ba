"""The kinds of value in a policy file: how each is read, and what an editor is told of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from bot.images import ImageReference, Platform
from bot.policies import values
from bot.policies.durations import DURATION_PATTERN, read_duration
from bot.policies.policy import MergeMethod
from bot.policies.section import AlsoReadBy, JsonSchema, ReadBy
from bot.selection import Constraint, Strategy

TEXT_SCHEMA: Final[JsonSchema] = {"type": ["string", "number", "boolean"], "minLength": 1}
FLAG_SCHEMA: Final[JsonSchema] = {"type": "boolean"}

NOT_EMPTY: Final = AlsoReadBy(values.refuse_empty)

Flag = Annotated[bool, ReadBy(values.read_flag, FLAG_SCHEMA)]
Text = Annotated[str, ReadBy(values.read_text, TEXT_SCHEMA)]
Duration = Annotated[timedelta, ReadBy(read_duration, {"type": "string", "pattern": DURATION_PATTERN})]
Image = Annotated[ImageReference, ReadBy(values.read_image)]
Name = Annotated[str, ReadBy(values.read_name)]
StrategyName = Annotated[Strategy, ReadBy(values.read_strategy)]
Range = Annotated[Constraint, ReadBy(values.read_range)]
Pattern = Annotated[str, ReadBy(values.read_pattern, {"type": "string"})]
PlatformName = Annotated[Platform, ReadBy(values.read_platform)]
PathGlob = Annotated[str, ReadBy(values.read_path, TEXT_SCHEMA)]
Branch = Annotated[str, ReadBy(values.read_branch)]
BranchTemplate = Annotated[str, ReadBy(values.read_branch_template)]
Title = Annotated[str, ReadBy(values.read_title)]
Label = Annotated[str, ReadBy(values.read_label)]
Method = Annotated[MergeMethod, ReadBy(values.read_merge_method)]
FormatVersion = Annotated[int, ReadBy(values.read_version)]
