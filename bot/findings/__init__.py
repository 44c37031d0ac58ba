"""What is wrong with the images and the pods in manifests, and how it is mended."""

from bot.findings.check import check, checked, environment_of
from bot.findings.finding import Edit, Finding
from bot.findings.known import Known
from bot.findings.reading_surroundings import surroundings_of
from bot.findings.surroundings import Surroundings, joined

__all__ = [
    "Edit",
    "Finding",
    "Known",
    "Surroundings",
    "check",
    "checked",
    "environment_of",
    "joined",
    "surroundings_of",
]
