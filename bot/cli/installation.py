"""The option that names an installation: a number that GitHub gives and the database holds."""

from __future__ import annotations

from typing import Final

import click

NUMBER: Final = click.IntRange(1, 2**63 - 1)
"""What an installation's number may be; another one ends the command with exit code 2."""

INSTALLATION: Final = click.option(
    "--installation", type=NUMBER, required=True, metavar="N", help="The installation it belongs to."
)
"""The option of every command about what belongs to an installation."""

ONLY_INSTALLATION: Final = click.option(
    "--installation", type=NUMBER, metavar="N", help="Only those of one installation."
)
"""The option of every command that lists."""
