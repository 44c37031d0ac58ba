"""What an editor is told of the policy file: a JSON Schema, made of the models and no stricter than they are.

A policy file takes every value as the text that stands in it, while an editor sees what YAML makes of it: 1.10 is a
number, on is true. So wherever a text may be written that YAML takes for something else, the schema allows both.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from bot.policies.models import FileSection
from bot.policies.schema_examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
TITLE: Final = "The policy file of Niro bot"

_Described = dict[str, Any]

_TAKEN_FOR_OTHER_TYPES: Final = ("0", "1.10", "true", "on")
_DIGITS: Final = "^[0-9]+$"
_OFF_IN_ANY_CASE: Final = "^([Oo][Ff][Ff]|[Nn][Oo]|[Ff][Aa][Ll][Ss][Ee])$"


def schema() -> dict[str, Any]:
    """Describe the whole policy file as JSON Schema, draft 2020-12; the same keys in the same order each time.

    What `load` accepts the schema accepts. Not the other way round: ranges, regular expressions, and whatever several
    keys only have together, `load` alone can judge.
    """
    described = FileSection.model_json_schema(mode="serialization")  # in this mode defaults are as files have them
    definitions = described.pop("$defs", {})
    whole = {
        **_changed(described, _as_editors_see_it),
        "$defs": {name: _changed(each, _as_editors_see_it) for name, each in definitions.items()},
    }
    return {"$schema": DIALECT, "title": TITLE, **{key: value for key, value in whole.items() if key != "title"}}


def document() -> str:
    """Write the schema as the text of a file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _changed(described: _Described, change: Callable[[_Described], _Described]) -> _Described:
    """Change a schema and every schema in it, the inner ones first."""
    inner = dict(described)
    for key in ("items", "additionalProperties"):
        if isinstance(inner.get(key), dict):
            inner[key] = _changed(inner[key], change)
    if "anyOf" in inner:
        inner["anyOf"] = [_changed(each, change) for each in inner["anyOf"]]
    if "properties" in inner:
        properties = {key: _with_examples(key, each) for key, each in inner["properties"].items()}
        inner["properties"] = {key: _changed(each, change) for key, each in properties.items()}
    return change(inner)


def _with_examples(key: str, described: _Described) -> _Described:
    return {**described, "examples": list(EXAMPLES[key])} if key in EXAMPLES else described


def _as_editors_see_it(described: _Described) -> _Described:
    shown = {key: value for key, value in described.items() if key != "title" and (key, value) != ("default", [])}
    if shown.get("type") == "string" and _may_look_like_another_type(shown):
        shown["type"] = ["string", "number", "boolean"]
    if shown.get("type") == "integer":
        return _also_in_quotes(shown)
    if "const" in shown:
        shown["enum"] = [shown["const"], str(shown.pop("const"))]
    if any(each is False for each in shown.get("enum", ())):
        return _also_off_in_any_case(shown)
    if "anyOf" in shown:
        shown["anyOf"] = _flat(shown["anyOf"])
    return shown


def _may_look_like_another_type(described: _Described) -> bool:
    """Whether a number, or a word that is true or false to YAML, meets the pattern of a text."""
    if "format" in described:
        return False
    return any(re.search(described.get("pattern", ""), text) for text in _TAKEN_FOR_OTHER_TYPES)


def _also_in_quotes(described: _Described) -> _Described:
    """Let a whole number stand in quotes; that it is in its bounds is told by `load` then."""
    number = {key: described[key] for key in ("type", "minimum", "maximum") if key in described}
    others = {key: value for key, value in described.items() if key not in number}
    return {"anyOf": [number, {"type": "string", "pattern": _DIGITS}], **others}


def _also_off_in_any_case(described: _Described) -> _Described:
    """Let `off` be written as every version of YAML has it: not each of them takes each spelling for false."""
    words = {"enum": described["enum"]}
    others = {key: value for key, value in described.items() if key not in words}
    return {"anyOf": [words, {"type": "string", "pattern": _OFF_IN_ANY_CASE}], **others}


def _flat(forms: list[_Described]) -> list[_Described]:
    """Put alternatives of alternatives into one list, each of them once: what an editor says is shorter then."""
    flat = [each for form in forms for each in (form["anyOf"] if form.keys() == {"anyOf"} else [form])]
    return [each for position, each in enumerate(flat) if each not in flat[:position]]
