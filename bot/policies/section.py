"""What the sections of a policy file are made of: keys in kebab-case, each value read from the text in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Final, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

JsonSchema = Mapping[str, Any]

MOST_ITEMS: Final = 100


def _shown(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Tells pydantic that a value is whatever this function makes of the text in the file, and nothing else.

    `schema` is what an editor may be told of it, as JSON Schema: no stricter than the function. `show` writes a value
    as it may stand in a file, for the description of a default.
    """

    read: Callable[[object], object]
    schema: JsonSchema = field(default_factory=dict, hash=False)
    show: Callable[[Any], object] = _shown

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer pydantic's question how to validate; the type itself is none of its business."""
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.show)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Answer pydantic's question how to describe it."""
        return dict(self.schema)


@dataclass(frozen=True, slots=True)
class AlsoReadBy:
    """Tells pydantic that a function looks at a value before the type does: it may turn a short form into the long one.

    `schemas` describe the short forms, as JSON Schema; the long one is described by its type and by `narrowed`.
    """

    read: Callable[[object], object]
    schemas: tuple[JsonSchema, ...] = field(default=(), hash=False)
    narrowed: JsonSchema = field(default_factory=dict, hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer pydantic's question how to validate: the function first, then the type."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Answer pydantic's question how to describe it."""
        long = {**_without_null(dict(handler(schema))), **self.narrowed}
        return {"anyOf": [*map(dict, self.schemas), long]} if self.schemas else long


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out that a value may be null: that nothing is written is told by leaving out the key."""
    forms = [form for form in schema.get("anyOf", []) if form != {"type": "null"}]
    if len(forms) != 1 or len(forms) == len(schema["anyOf"]):
        return schema
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **forms[0]}


def _kebab_case(name: str) -> str:
    return name.replace("_", "-")


class Section(BaseModel):
    """A mapping of the policy file: keys in kebab-case, and no others.

    `laid_key_by_key` tells that a key of this section which is not written has the value of the same key under
    `defaults`; otherwise a section that is written takes the place of the whole one there.
    """

    model_config = ConfigDict(alias_generator=_kebab_case, extra="forbid", frozen=True)
    laid_key_by_key: ClassVar[bool] = False

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Describe the keys as a person writes them: nothing is null, and no key needs a title."""
        described: dict[str, Any] = handler.resolve_ref_schema(handler(schema))
        described["properties"] = {
            name: {
                key: value
                for key, value in _without_null(shape).items()
                if key != "title" and (key, value) != ("default", None)
            }
            for name, shape in described.get("properties", {}).items()
        }
        return described


SectionType = TypeVar("SectionType", bound=Section)


def laid_over(section: SectionType, defaults: Section) -> SectionType:
    """Lay what was written in a section over the defaults: a key written in neither keeps its own default."""
    values: dict[str, object] = {}
    for name in defaults.model_fields_set:
        default, written = getattr(defaults, name), getattr(section, name)
        if name not in section.model_fields_set:
            values[name] = default
        elif isinstance(written, Section) and isinstance(default, Section) and written.laid_key_by_key:
            values[name] = laid_over(written, default)
    return section.model_copy(update=values) if values else section
