"""Whose rating of a vulnerability counts where a CycloneDX document has several."""

import pytest

from tests.promotion.documents import shapes


def rating(source, severity=None, score=None):
    told = {"severity": severity, "score": score}
    return {"source": {"name": source}, **{key: value for key, value in told.items() if value is not None}}


NVD = rating("nvd", "critical", 9.8)


@pytest.mark.parametrize(
    ("source", "ratings", "severity", "score"),
    [
        ("debian", [rating("debian", "low"), NVD], "low", None),
        ("Debian", [NVD, rating("debian", "low", 3.1)], "low", 3.1),
        ("debian", [rating("debian", score=7.5), NVD], "", 7.5),
        ("debian", [rating("debian", "low"), rating("debian", "high"), NVD], "high", None),
        ("debian", [rating("debian", "unknown"), NVD], "critical", 9.8),
        ("debian", [rating("debian"), NVD], "critical", 9.8),
        ("debian", [rating("redhat", "low"), NVD], "critical", 9.8),
        ("", [rating("", "low"), NVD], "critical", 9.8),
        (None, [{"severity": "low"}, NVD], "critical", 9.8),
        (7, [rating(7, "low"), NVD], "critical", 9.8),
        ("debian", [], "", None),
    ],
)
def test_the_source_of_a_vulnerability_rates_it_else_the_worst_rating_counts(told, source, ratings, severity, score):
    entry = shapes.cyclonedx_vulnerability(source={"name": source}, ratings=ratings)
    [found] = told(shapes.cyclonedx(vulnerabilities=[entry])).vulnerabilities
    assert (found.severity, found.score) == (severity, score)


XML = """<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components/><vulnerabilities><vulnerability>
<id>CVE-2026-1</id><source><name>debian</name></source><ratings>
<rating><source><name>nvd</name></source><score>9.8</score><severity>critical</severity></rating>
<rating><source><name>debian</name></source><severity>low</severity></rating>
</ratings></vulnerability></vulnerabilities></bom>"""


def test_ratings_have_their_sources_in_xml_too(told):
    [found] = told(XML.encode()).vulnerabilities
    assert (found.severity, found.score) == ("low", None)
