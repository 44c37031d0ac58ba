"""The checked sandbox, for the tests of this folder."""

from tests.descriptions.checked import checked_sandbox

__all__ = ["checked_sandbox"]
