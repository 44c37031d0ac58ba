"""What every table shares: the metadata that collects them, with one way to name indexes and constraints."""

from sqlalchemy import ForeignKeyConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def belongs_to_repository() -> ForeignKeyConstraint:
    """Return the constraint of a table whose rows go with their repository, named in their column `repository`."""
    return ForeignKeyConstraint(["repository"], ["repositories.id"], ondelete="CASCADE")
