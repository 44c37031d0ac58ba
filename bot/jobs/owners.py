"""Whose share of the slots a piece of work uses."""


class OfInstallation:
    """Work on behalf of one installation, which shares its slots."""

    __slots__ = ()
    installation: int

    @property
    def owner(self) -> str:
        """Name the installation, as the limits know it."""
        return f"installation:{self.installation}"
