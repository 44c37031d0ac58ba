"""Check the manifests of a folder by the rules: the work behind `niro check`."""

from bot.checking.asked import CheckAsked, Checked, Form, check_folder
from bot.checking.text_form import Look

__all__ = ["CheckAsked", "Checked", "Form", "Look", "check_folder"]
