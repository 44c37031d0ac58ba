"""Ranges and versions mean what they mean in Masterminds' semver 3.5.0, on a table of its answers."""

import pytest

from bot.selection import Constraint, InvalidConstraint, InvalidVersion, Version
from tests.selection.masterminds_table import RANGES, REFUSED_RANGES, REFUSED_VERSIONS, VERSIONS

LET_IN = [(text, version) for rows in RANGES.values() for text, let_in, _ in rows for version in let_in.split()]
KEPT_OUT = [(text, version) for rows in RANGES.values() for text, _, kept_out in rows for version in kept_out.split()]


@pytest.mark.parametrize(("text", "version"), LET_IN)
def test_a_range_lets_in_what_masterminds_lets_in(text, version):
    assert Constraint.parse(text).allows(Version.parse(version))


@pytest.mark.parametrize(("text", "version"), KEPT_OUT)
def test_a_range_keeps_out_what_masterminds_keeps_out(text, version):
    assert not Constraint.parse(text).allows(Version.parse(version))


@pytest.mark.parametrize("text", REFUSED_RANGES)
def test_a_text_that_masterminds_refuses_as_a_range_is_refused(text):
    with pytest.raises(InvalidConstraint):
        Constraint.parse(text)


@pytest.mark.parametrize(("text", "canonical"), VERSIONS)
def test_a_loose_version_is_read_as_masterminds_coerces_it(text, canonical):
    version = Version.parse(text)

    numbers = ".".join(map(str, version.release))
    prerelease = f"-{version.prerelease}" if version.prerelease else ""
    build = f"+{version.build}" if version.build else ""
    assert f"{numbers}{prerelease}{build}" == canonical


@pytest.mark.parametrize("text", REFUSED_VERSIONS)
def test_a_text_that_masterminds_refuses_as_a_version_is_refused(text):
    with pytest.raises(InvalidVersion):
        Version.parse(text)
