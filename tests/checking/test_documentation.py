"""The page about the command line shows what `niro check` really writes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cli.checking import check
from tests.checking.conftest import Niro, Repository
from tests.checking.test_ways_in import ACTION, HOOK

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/command-line.md").read_text()
SECTION = PAGE.partition("## niro check\n")[2].partition("\n## ")[0]
EXAMPLE = re.search(r"^<!-- check -->\n```console\n\$ niro check (.+)\n((?:.*\n)*?)```$", PAGE, re.MULTILINE)
RULES = ("latest-image-tag", "privileged-container")
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: shop}
spec:
  containers:
    - name: server
      image: nginx
      securityContext: {privileged: true}
"""


@pytest.fixture
def shop(niro: Niro, files: Repository) -> Repository:
    """The folder of the example: two rules are on, and one of them is waived."""
    files.write({"deploy/api.yaml": POD})
    found = {each["rule"] for each in json.loads(niro(".", "--format", "json").stdout)["findings"]}
    off = "".join(f"    {rule}: off\n" for rule in sorted(found - set(RULES)))
    ignored = '{rule: latest-image-tag, paths: ["**"], reason: "Until the first release.", until: 2999-01-01}'
    files.write({".niro/policies.yml": f"version: 1\nfindings:\n  ignore: [{ignored}]\n  rules:\n{off}"})
    return files


def test_the_example_shows_what_is_written(niro: Niro, shop: Repository) -> None:
    assert EXAMPLE is not None
    shown = niro(*EXAMPLE[1].split(), COLUMNS="80")
    assert shown.stdout == EXAMPLE[2]


def test_every_key_of_the_json_is_documented(niro: Niro, shop: Repository) -> None:
    shop.write({"broken.yaml": "image: [nginx\n"})
    told = json.loads(niro(".", "--format", "json").stdout)
    assert {key for key in _keys(told) if f"`{key}`" not in SECTION} == set()


def test_every_option_and_input_is_documented() -> None:
    options = {name for parameter in check.params for name in parameter.opts if name.startswith("--")}
    assert {name for name in options if f"`{name}" not in SECTION} == set()
    assert {name for name in ACTION["inputs"] if f"`{name}`" not in SECTION} == set()
    assert f"id: {HOOK['id']}" in SECTION


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(inner)
