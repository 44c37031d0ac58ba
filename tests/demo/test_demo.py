"""The demo tells the whole story, and ends by itself."""

import asyncio
import os
import re
import sys
from pathlib import Path

STEPS = [
    "repositories found",
    "manifests indexed",
    "event stored",
    "tags listed",
    "tag chosen",
    "files edited",
    "pull request opened",
    "not merged yet",
    "pull request updated",
    "in place",
    "answered with",
    "check turned green",
    "not merged",
    "pull request merged",
    "revert seen",
    "nothing proposed",
    "event stored",
    "tag refused",
    "nothing proposed",
    "pull request reviewed",
    "commented",
    "suggestion taken",
    "reviewed again",
    "comment resolved",
    "an owner stores",
    "promotion in force",
    "hook received",
    "image promoted",
    "compared",
]


async def demo(environment: dict[str, str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", env=environment, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_each_step_is_told_with_its_time_and_the_demo_ends() -> None:
    code, output = await demo(dict(os.environ))
    told = re.findall(r"^ *[0-9]+\.[0-9]{2} s (.{1,24})", output, re.MULTILINE)
    steps = [name.strip() for name in told]
    assert code == 0
    assert [step for step in dict.fromkeys(steps) if step in STEPS] == list(dict.fromkeys(STEPS))
    assert steps[-3:] == STEPS[-3:]
    assert re.search(r"```suggestion\n +image: .*/acme/web:2\.0\.0\n", output)
    assert re.search(r"^ +\+ +- name: api$|^ +\+ .*acme/api:1\.5\.0", output, re.MULTILINE)


async def test_without_a_registry_program_one_line_says_what_is_missing() -> None:
    code, output = await demo({**os.environ, "PATH": str(Path(sys.executable).parent)})
    assert code == 1
    assert "registry" in output
