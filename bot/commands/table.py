"""The one table of commands: what parses them, who may give them, and what help and documentation say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final


class CommandName(Enum):
    """What can be said to the bot."""

    HELP = "help"
    SCAN = "scan"
    REFRESH = "refresh"
    RECREATE = "recreate"
    IGNORE = "ignore"
    UNIGNORE = "unignore"
    HOLD = "hold"
    RESUME = "resume"
    PIN = "pin"
    UNPIN = "unpin"
    ROLLBACK = "rollback"
    SNOOZE = "snooze"
    MERGE = "merge"
    EXPLAIN = "explain"
    PLAN = "plan"


class Right(IntEnum):
    """What somebody must at least be allowed in the repository; the names are those of GitHub's roles."""

    TRIAGE = 1
    WRITE = 2


class About(Enum):
    """What a command is about, and so what a policy's name in it means.

    POLICY: one policy, which may be left out on a pull request that has one. PULL_REQUEST: the pull request of a group;
    elsewhere a policy tells which. REPOSITORY: the policies of the pull request, elsewhere all of them, unless one is
    named. NOTHING: no policy.
    """

    NOTHING = "nothing"
    POLICY = "policy"
    PULL_REQUEST = "pull request"
    REPOSITORY = "repository"


class Takes(Enum):
    """What the argument of a command is."""

    NOTHING = "nothing"
    TAG = "a tag or a digest"
    VERSIONS = "a version, a digest or a range"
    MOMENT = "a length of time or a date"
    HEAD = "a commit"


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command. `argument` may be left out unless it is `required`.

    `writes`: it merges or moves a pull request, so it is refused when that may not be the one its writer saw.
    """

    name: CommandName
    usage: str
    does: str
    about: About = About.POLICY
    takes: Takes = Takes.NOTHING
    required: bool = False
    right: Right = Right.WRITE
    writes: bool = False


TABLE: Final = (
    CommandRow(CommandName.HELP, "/niro help", "Lists these commands.", About.NOTHING, right=Right.TRIAGE),
    CommandRow(
        CommandName.SCAN, "/niro scan [<policy>]", "Reads the tags from the registry again, now.", About.REPOSITORY
    ),
    CommandRow(
        CommandName.REFRESH,
        "/niro refresh [<policy>]",
        "Compares the pull request with its files, its policy and the known tags again, now.",
        About.REPOSITORY,
    ),
    CommandRow(
        CommandName.RECREATE,
        "/niro recreate [<policy>]",
        "Makes the branch anew as one commit on its base, without what people committed to it. A pull request that was "
        "closed is forgotten, and opened again if there is still something to change.",
        About.PULL_REQUEST,
        writes=True,
    ),
    CommandRow(
        CommandName.IGNORE,
        "/niro ignore [<policy>] [<version or range>]",
        "Never proposes this version, or those in the range. Without one: what the pull request proposes.",
        takes=Takes.VERSIONS,
    ),
    CommandRow(
        CommandName.UNIGNORE,
        "/niro unignore [<policy>] [<version or range>]",
        "Proposes again what was ignored. Without a version: everything.",
        takes=Takes.VERSIONS,
    ),
    CommandRow(CommandName.HOLD, "/niro hold [<policy>]", "Changes and merges nothing until `/niro resume`."),
    CommandRow(CommandName.RESUME, "/niro resume [<policy>]", "Ends a hold or a snooze."),
    CommandRow(
        CommandName.PIN,
        "/niro pin [<policy>] <tag>",
        "Stays at this tag, or this digest, until `/niro unpin`.",
        takes=Takes.TAG,
        required=True,
    ),
    CommandRow(CommandName.UNPIN, "/niro unpin [<policy>]", "Ends a pin or a rollback."),
    CommandRow(
        CommandName.ROLLBACK,
        "/niro rollback [<policy>] [<tag>]",
        "Goes back to this tag, without one to what stood before, until something better than the bad one is there.",
        takes=Takes.TAG,
        writes=True,
    ),
    CommandRow(
        CommandName.SNOOZE,
        "/niro snooze [<policy>] <3d or 2027-01-31>",
        "Changes and merges nothing for this long, or until this day begins (UTC).",
        takes=Takes.MOMENT,
        required=True,
    ),
    CommandRow(
        CommandName.MERGE,
        "/niro merge [<policy>] [<commit>]",
        "Merges this head as soon as its checks allow it, whatever the policy says of merging. With a commit: also "
        "when people committed to the branch.",
        About.PULL_REQUEST,
        takes=Takes.HEAD,
        writes=True,
    ),
    CommandRow(
        CommandName.EXPLAIN,
        "/niro explain [<policy>]",
        "Says what was decided, why, and what people said.",
        About.REPOSITORY,
        right=Right.TRIAGE,
    ),
    CommandRow(
        CommandName.PLAN,
        "/niro plan [<policy>]",
        "Says what would be changed now.",
        About.REPOSITORY,
        right=Right.TRIAGE,
    ),
)

BY_NAME: Final = {row.name: row for row in TABLE}
"""Each command's row by its name."""

LEAST_RIGHT: Final = min(row.right for row in TABLE)
"""What somebody must be allowed to be answered at all."""
