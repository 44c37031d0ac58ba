"""What the sections of a policy file are made of: keys in kebab-case, each value read from the text in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

JsonSchema = Mapping[str, Any]

MOST_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class ReadBy:
    """Tells pydantic that a value is whatever this function makes of the text in the file, and nothing else.

    `schema` is what an editor may be told of it, as JSON Schema: no stricter than the function.
    """

    read: Callable[[object], object]
    schema: JsonSchema = field(default_factory=dict, hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer pydantic's question how to validate; the type itself is none of its business."""
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Answer pydantic's question how to describe it."""
        return dict(self.schema)


@dataclass(frozen=True, slots=True)
class AlsoReadBy:
    """Tells pydantic that a function looks at a value before the type does: it may turn a short form into the long one.

    `schemas` describe the short forms, as JSON Schema; the long one is described by its type.
    """

    read: Callable[[object], object]
    schemas: tuple[JsonSchema, ...] = field(default=(), hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Answer pydantic's question how to validate: the function first, then the type."""
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Answer pydantic's question how to describe it; that nothing is written is told by the key's absence."""
        long = dict(handler(schema))
        forms = [form for form in long.get("anyOf", [long]) if form != {"type": "null"}]
        all_forms = [*map(dict, self.schemas), *forms]
        return all_forms[0] if len(all_forms) == 1 else {"anyOf": all_forms}


def _kebab_case(name: str) -> str:
    return name.replace("_", "-")


class Section(BaseModel):
    """A mapping of the policy file: keys in kebab-case, and no others."""

    model_config = ConfigDict(alias_generator=_kebab_case, extra="forbid", frozen=True)
