"""What a component may be called in a criterion."""

import pytest

from bot.promotion.components import names_of

LOG4J = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"


@pytest.mark.parametrize(
    ("name", "purl", "group", "names"),
    [
        ("zlib", "", "", ["zlib"]),
        ("core", "", "@angular", ["core", "@angular/core"]),
        ("Log4j", LOG4J, "", ["Log4j", "log4j-core", "org.apache.logging.log4j/log4j-core"]),
        (
            "org.apache.logging.log4j:log4j-core",
            "",
            "",
            [
                "org.apache.logging.log4j:log4j-core",
                "log4j-core",
                "org.apache.logging.log4j/log4j-core",
            ],
        ),
        ("debian:12", "", "", ["debian:12"]),
        ("Foo::Bar", "", "", ["Foo::Bar"]),
        ("a:b:c", "", "", ["a:b:c"]),
        (":b", "", "", [":b"]),
    ],
)
def test_a_component_has_its_name_that_of_its_group_and_those_of_its_package_url(name, purl, group, names):
    assert list(names_of(name, purl, group)) == names
