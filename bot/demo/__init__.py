"""The bot's main job, shown on a sandbox GitHub and a real registry."""

from bot.demo.story import demonstrate

__all__ = ["demonstrate"]
