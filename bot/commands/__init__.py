"""Commands that people write in comments: found, read, and turned into what they come to. Nothing is done here."""

from bot.commands.effects import Effects, Lay, Life, Lift, Moved, Situation, Want, effects
from bot.commands.help import commands_shown, help_table
from bot.commands.parsing import TooMany, commands_in, may_hold_commands
from bot.commands.reading import Command, Mistake, Place, read
from bot.commands.table import BY_NAME, LEAST_RIGHT, TABLE, About, CommandName, CommandRow, Right, Takes
from bot.commands.versions import Versions

__all__ = [
    "BY_NAME",
    "LEAST_RIGHT",
    "TABLE",
    "About",
    "Command",
    "CommandName",
    "CommandRow",
    "Effects",
    "Lay",
    "Life",
    "Lift",
    "Mistake",
    "Moved",
    "Place",
    "Right",
    "Situation",
    "Takes",
    "TooMany",
    "Versions",
    "Want",
    "commands_in",
    "commands_shown",
    "effects",
    "help_table",
    "may_hold_commands",
    "read",
]
