"""What GitHub receives at each step of a pull request's life; docs/pull-requests.md shows the same table.

WRITE_PAGE=1 (`make pages`) writes the parts of the page that come from tables; read it before it is kept.
"""

import os
from pathlib import Path

import pytest

from bot.commands import help_table
from bot.github import CheckRun, Conclusion
from tests.flows.house import House
from tests.flows.life import LIFE, Step

PAGE = Path(__file__).parents[2] / "docs" / "pull-requests.md"


@pytest.fixture
async def house(empty_house: House) -> House:
    """An image at 1.4.2, and an App that is installed nowhere yet."""
    await empty_house.push("1.4.2")
    return empty_house


@pytest.mark.parametrize("step", LIFE, ids=lambda step: step.happens)
async def test_github_receives_what_the_table_says(house: House, step: Step) -> None:
    files = {".niro/policies.yml": house.policy(more=step.more), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.require_checks("ci")
    await house.work()
    await house.parts.github.identity()
    await house.client().permission("octocat")
    await house.client().create_check_run(CheckRun(await house.head(), "warm", Conclusion.SUCCESS, "", ""))
    await house.ask(house.bump_work())
    house.github.webhooks.paused = True
    for act in step.before:
        await act(house)
    counted = house.counted()
    await step.act(house)
    assert counted.names == list(step.received)


def life_table() -> str:
    rows = [
        f"| {step.happens} | {step.comes} | {len(step.received)}: {', '.join(f'`{each}`' for each in step.received)} |"
        for step in LIFE
    ]
    return "\n".join(["| what happens | what the bot does | requests |", "|---|---|---|", *rows])


@pytest.mark.parametrize(("name", "table"), [("life", life_table()), ("commands", help_table())])
def test_the_page_shows_the_tables(name: str, table: str) -> None:
    begin, end = f"<!-- the {name} -->", f"<!-- end of the {name} -->"
    page = PAGE.read_text()
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    written = f"{before}{begin}\n\n{table}\n\n{end}{after}"
    if os.environ.get("WRITE_PAGE"):
        PAGE.write_text(written)
    assert PAGE.read_text() == written, "write it again: make pages"
