"""Documents about images (SBOMs, reports of scanners, VEX), read with bounds whoever wrote them."""

from bot.promotion.documents.found import FoundDocument
from bot.promotion.documents.reports import of_report

__all__ = ["FoundDocument", "of_report"]
