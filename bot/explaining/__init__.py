"""Show people what the core decides, and why: the work behind `niro tags` and `niro explain`."""

from bot.explaining.asked import Answer, ExplanationAsked, Form, Surroundings, TagsAsked, show_explanation, show_tags
from bot.explaining.layout import UNWRAPPED
from bot.explaining.mistakes import Mistake
from bot.explaining.progress import AT_A_TERMINAL, ELSEWHERE, Progress
from bot.explaining.said import Said, read_said
from bot.explaining.unread import unread

__all__ = [
    "AT_A_TERMINAL",
    "ELSEWHERE",
    "UNWRAPPED",
    "Answer",
    "ExplanationAsked",
    "Form",
    "Mistake",
    "Progress",
    "Said",
    "Surroundings",
    "TagsAsked",
    "read_said",
    "show_explanation",
    "show_tags",
    "unread",
]
