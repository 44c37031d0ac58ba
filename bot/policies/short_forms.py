"""Keys that may be written shorter than their section."""

from __future__ import annotations

from bot.policies.values import is_flag, read_flag, refuse


def read_auto_merge(value: object) -> object:
    """Let true stand for settings with nothing set, and false for none; anything else is left to the settings."""
    if is_flag(value):
        return {} if read_flag(value) else None
    if not isinstance(value, dict):
        refuse("is true, false or a mapping of keys")
    return value


def read_window(value: object) -> object:
    """Let pass anything but a window that names neither days nor hours: it would be open at any time."""
    if isinstance(value, dict) and value.keys() <= {"timezone"}:
        refuse("names neither `days` nor `hours`; name one of them or leave the key out")
    return value
