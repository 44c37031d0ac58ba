"""The example in docs/dashboard.md is what the bot writes."""

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.bumps import Laid, LivingBump, Noted, OverviewFacts, Proposal, overview
from bot.selection import RestrictionKind

PAGE = Path(__file__).parents[2] / "docs/dashboard.md"
API = Proposal("api", "ghcr.io/acme/api", "1.4.2", "1.5.0", "")
WEB = Proposal("web", "ghcr.io/acme/web", "2.0.1", "2.1.0", "")
SNOOZED = datetime(2027, 1, 31, tzinfo=UTC)
EXAMPLE = OverviewFacts(
    policies=frozenset({"api", "web", "worker", "cache", "mail"}),
    open=(LivingBump("api", 12, (API,), "api"), LivingBump("frontend", 14, (WEB,), "web")),
    waiting=(Noted("worker", "10 pull requests are open, as many as limits.open-pull-requests lets be."),),
    laid=(
        Laid("cache", RestrictionKind.IGNORE, beyond="7.4.0", by="octocat"),
        Laid("mail", RestrictionKind.SNOOZE, until=SNOOZED, by="hubot"),
    ),
    failing=("search: no file here uses ghcr.io/acme/search. Mend the image's name, or take it out.",),
    unfollowed=("docker.io/library/postgres",),
)


def test_the_example_is_what_the_bot_writes() -> None:
    (example,) = re.findall(r"```markdown\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example == overview(EXAMPLE)
