"""Show people what the core decides, and why: the work behind `niro tags` and `niro explain`.

What every command needs stands here; `asked` and `said` are imported by those that ask and decide, for they take long.
"""

from bot.explaining.layout import UNWRAPPED
from bot.explaining.mistakes import Mistake
from bot.explaining.progress import AT_A_TERMINAL, ELSEWHERE, Progress

__all__ = ["AT_A_TERMINAL", "ELSEWHERE", "UNWRAPPED", "Mistake", "Progress"]
