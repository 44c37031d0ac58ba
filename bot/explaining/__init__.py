"""Show people what the core decides, and why: the work behind `niro tags` and `niro explain`."""

from bot.explaining.asked import ExplanationAsked, Form, Surroundings, TagsAsked, show_explanation, show_tags
from bot.explaining.layout import UNWRAPPED
from bot.explaining.mistakes import Mistake
from bot.explaining.progress import AT_A_TERMINAL, ELSEWHERE, Progress
from bot.explaining.shown import shown

__all__ = [
    "AT_A_TERMINAL",
    "ELSEWHERE",
    "UNWRAPPED",
    "ExplanationAsked",
    "Form",
    "Mistake",
    "Progress",
    "Surroundings",
    "TagsAsked",
    "show_explanation",
    "show_tags",
    "shown",
]
