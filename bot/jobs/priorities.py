"""How urgent each kind of work is."""

from enum import IntEnum


class Priority(IntEnum):
    """What goes first when slots are scarce; a greater number is sooner."""

    COMMAND = 60
    MERGE = 50
    BUMP = 40
    REVIEW = 30
    SCAN = 20
    INDEX = 10
    POLL = 5
