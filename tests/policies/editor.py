"""A policy file as an editor sees it: YAML made into JSON, and held against the schema."""

from typing import ClassVar

import yaml
from jsonschema import Draft202012Validator

from bot.policies.schema import schema

_VALIDATOR = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


class Editor(yaml.SafeLoader):
    """YAML as JSON has it: texts, numbers, true and false; a key is a text, and so is a day."""

    yaml_implicit_resolvers: ClassVar = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] not in {"timestamp", "value"}]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def mapping(self, node):
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


Editor.add_constructor("tag:yaml.org,2002:map", Editor.mapping)


def complaints(text: str) -> list[str]:
    """Tell what an editor would mark as wrong."""
    return [error.message for error in _VALIDATOR.iter_errors(yaml.load(text, Editor))]
