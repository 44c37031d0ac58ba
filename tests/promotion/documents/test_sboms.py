"""What is read from SPDX and CycloneDX documents."""

from datetime import UTC, datetime

import pytest

from bot.promotion import Component
from bot.promotion.documents.told import Unreadable
from bot.promotion.license_expressions import LONGEST_EXPRESSION, parsed
from tests.promotion.documents import shapes

ZLIB = Component("zlib", "1.3.1-r2", "pkg:apk/alpine/zlib@1.3.1-r2?arch=x86_64&distro=alpine-3.22.1", ("Zlib",))
BUSYBOX = Component("busybox", "1.37.0-r18", "pkg:apk/alpine/busybox@1.37.0-r18?distro=3.22.1", ("GPL-2.0-only",))
BESIDE = [
    Component("app/package-lock.json", is_package=False),
    Component("alpine", "3.22.1", is_package=False),
]
JACKSON = shapes.cyclonedx_component("jackson", **{"bom-ref": "nested"})

XML = b"""<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79">
  <metadata>
    <timestamp>2026-01-04T09:30:00Z</timestamp>
    <tools><tool><vendor>aquasecurity</vendor><name>trivy</name><version>0.66.0</version></tool></tools>
    <component type="container" bom-ref="image"><name>app</name><version>DIGEST</version></component>
  </metadata>
  <components>
    <component type="library" bom-ref="lib">
      <group>org.acme</group>
      <name>tomcat</name>
      <version>9.0.14</version>
      <licenses><license><id>Apache-2.0</id></license><license><name>Own licence</name></license></licenses>
      <purl>pkg:maven/org.acme/tomcat@9.0.14</purl>
      <components><component type="library"><name>inner</name></component></components>
    </component>
  </components>
  <vulnerabilities>
    <vulnerability>
      <id>CVE-2026-1</id>
      <ratings><rating><score>9.8</score><severity>critical</severity></rating></ratings>
      <affects><target><ref>lib</ref></target></affects>
    </vulnerability>
    <vulnerability>
      <id>CVE-2026-2</id>
      <analysis><state>false_positive</state></analysis>
      <affects><target><ref>image</ref></target></affects>
    </vulnerability>
  </vulnerabilities>
</bom>""".replace(b"DIGEST", shapes.AMD.encode())


@pytest.mark.parametrize(
    ("document", "components"),
    [
        (shapes.spdx(), [ZLIB]),
        (shapes.statement(shapes.buildkit_spdx()), [ZLIB]),
        (shapes.statement(shapes.buildkit_spdx([])), []),
        (shapes.envelope(shapes.statement(shapes.spdx())), [ZLIB]),
        (shapes.bundle(shapes.statement(shapes.spdx(), version="v1")), [ZLIB]),
        (shapes.spdx(spdxVersion="SPDX-2.2"), [ZLIB]),
        (shapes.cyclonedx(), [*BESIDE, BUSYBOX]),
        (shapes.cyclonedx(components=[]), []),
        (shapes.statement(shapes.cyclonedx(), predicate_type="https://cyclonedx.org/bom"), [*BESIDE, BUSYBOX]),
    ],
)
def test_an_sbom_tells_its_components(told, document, components):
    assert told(document).components == tuple(components)


@pytest.mark.parametrize(
    ("concluded", "declared", "licences"),
    [
        ("MIT", "Apache-2.0", ("MIT",)),
        ("NOASSERTION", "Apache-2.0", ("Apache-2.0",)),
        ("NONE", "Apache-2.0", ("Apache-2.0",)),
        ("NOASSERTION", "NONE", ("NOASSERTION",)),
        (None, "NOASSERTION", ("NOASSERTION",)),
        (None, None, ()),
        ("MIT OR (GPL-2.0-only AND", None, ("MIT OR (GPL-2.0-only AND",)),
        (7, ["MIT"], ()),
    ],
)
def test_spdx_tells_the_concluded_licence_else_the_declared_one_as_written(told, concluded, declared, licences):
    package = shapes.spdx_package(licenseConcluded=concluded, licenseDeclared=declared)
    assert told(shapes.spdx([package])).components[0].licenses == licences


@pytest.mark.parametrize(
    ("told_licences", "licences"),
    [
        ([{"license": {"id": "MIT"}}, {"license": {"name": "Own"}}], ("MIT", "Own")),
        ([{"expression": "MIT OR Apache-2.0"}], ("MIT OR Apache-2.0",)),
        ([{"license": {}}], ()),
        ("MIT", ()),
        (None, ()),
    ],
)
def test_all_licences_of_a_cyclonedx_component_hold(told, told_licences, licences):
    component = shapes.cyclonedx_component(licenses=told_licences)
    assert told(shapes.cyclonedx([component])).components[0].licenses == licences


LONGEST = f"{'MIT AND ' * 248}LicenseRef-a.b.c"
OF_LICENSE = {
    "spdx": lambda said: shapes.spdx([shapes.spdx_package(licenseConcluded=said)]),
    "cyclonedx": lambda said: shapes.cyclonedx([shapes.cyclonedx_component(licenses=[{"expression": said}])]),
    "cyclonedx-name": lambda said: shapes.cyclonedx(
        [shapes.cyclonedx_component(licenses=[{"license": {"name": said}}])]
    ),
}


@pytest.mark.parametrize("document", OF_LICENSE.values(), ids=OF_LICENSE)
def test_a_licence_is_told_whole_as_far_as_expressions_are_read(told, document):
    [licence] = told(document(LONGEST)).components[0].licenses
    assert (len(licence), licence, parsed(licence) is None) == (LONGEST_EXPRESSION, LONGEST, False)


@pytest.mark.parametrize("document", OF_LICENSE.values(), ids=OF_LICENSE)
def test_a_licence_of_a_whole_page_stays_no_licence_that_parses(told, document):
    [licence] = told(document("MIT OR " * 1000)).components[0].licenses
    assert (len(licence), parsed(licence)) == (LONGEST_EXPRESSION + 1, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"supplier": "somebody"},
        {"SPDXID": "not an identifier"},
        {"downloadLocation": None},
        {"checksums": [{"algorithm": "CRC", "checksumValue": "0"}]},
        {"copyrightText": 7},
        {"primaryPackagePurpose": "LIBRARY"},
        {"name": 'a "name"'},
    ],
)
def test_an_odd_field_of_spdx_hides_no_package(told, changed):
    assert len(told(shapes.spdx([shapes.spdx_package(**changed), shapes.spdx_package()])).components) == 2


@pytest.mark.parametrize(
    "changed",
    [{"purl": "no url"}, {"type": "unheard-of"}, {"hashes": 7}, {"version": 1.5}, {"group": []}, {"name": None}],
)
def test_an_odd_field_of_cyclonedx_hides_no_component(told, changed):
    components = [shapes.cyclonedx_component(**changed), shapes.cyclonedx_component()]
    assert len(told(shapes.cyclonedx(components)).components) == 2


@pytest.mark.parametrize(
    ("component", "counts"),
    [
        (shapes.ALPINE, False),
        (shapes.LOCK_FILE, False),
        ({"type": "container", "name": "debian", "purl": "pkg:oci/debian"}, False),
        ({"type": "file", "name": "/etc/passwd"}, False),
        ({"type": "container", "name": "debian"}, False),
        (shapes.LOCK_FILE | {"purl": "pkg:npm/app@1"}, True),
        (shapes.LOCK_FILE | {"licenses": [{"expression": "MIT"}]}, True),
        ({"type": "library", "name": "nameless-url"}, True),
        ({"type": "framework", "name": "spring"}, True),
    ],
)
def test_what_is_no_package_is_a_component_by_its_name_alone(told, component, counts):
    read = told(shapes.cyclonedx([shapes.cyclonedx_component(), component])).components
    assert (component["name"], counts) in [(one.name, one.is_package) for one in read]


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({"primaryPackagePurpose": "CONTAINER"}, []),
        ({"SPDXID": "SPDXRef-ContainerImage-1"}, []),
        ({"SPDXID": "SPDXRef-DocumentRoot-Directory-sbom", "primaryPackagePurpose": "FILE"}, []),
        ({"primaryPackagePurpose": "OPERATING_SYSTEM"}, [False]),
        ({"primaryPackagePurpose": "FILE"}, [False]),
        ({"SPDXID": "SPDXRef-OperatingSystem-1"}, [False]),
        ({"SPDXID": "SPDXRef-Application-1", "externalRefs": []}, [False]),
        ({"SPDXID": "SPDXRef-Application-1"}, [True]),
        ({"primaryPackagePurpose": "CONTAINER", "licenseDeclared": "MIT"}, [True]),
    ],
)
def test_packages_of_spdx_and_what_else_has_a_name_but_not_the_image_itself(told, changed, counts):
    package = shapes.spdx_package(**({"licenseDeclared": "NONE"} | changed))
    assert [read.is_package for read in told(shapes.spdx([package])).components] == counts


def test_a_cyclonedx_component_has_its_group(told):
    [read] = told(shapes.cyclonedx([shapes.cyclonedx_component(group="org.acme")])).components
    assert (read.group, read.name) == ("org.acme", "busybox")


@pytest.mark.parametrize(("length", "is_told"), [(512, True), (513, False), (9_000, False)])
def test_a_package_url_longer_than_anyone_writes_is_none(told, length, is_told):
    url = "pkg:npm/".ljust(length, "a")
    package = shapes.spdx_package(externalRefs=[{"referenceType": "purl", "referenceLocator": url}])
    documents = [shapes.cyclonedx([shapes.cyclonedx_component(purl=url)]), shapes.spdx([package])]
    assert [told(document).components[0].purl for document in documents] == [url if is_told else ""] * 2


@pytest.mark.parametrize("beside", ["?vcs_url=", "#"])
def test_a_package_url_that_is_long_by_what_stands_beside_the_package_is_cut(told, beside):
    url = f"pkg:npm/%40angular/core@17.0{beside}{'a' * 600}"
    package = shapes.spdx_package(externalRefs=[{"referenceType": "purl", "referenceLocator": url}])
    documents = [shapes.cyclonedx([shapes.cyclonedx_component(purl=url)]), shapes.spdx([package])]
    assert [told(document).components[0].purl for document in documents] == ["pkg:npm/%40angular/core@17.0"] * 2


@pytest.mark.parametrize(
    ("kind", "is_told"),
    [("purl", True), ("http://spdx.org/rdf/references/purl", True), ("cpe23Type", False), (7, False), (None, False)],
)
def test_a_package_url_of_spdx_is_known_by_its_type_also_as_a_uri(told, kind, is_told):
    package = shapes.spdx_package(externalRefs=[{"referenceType": kind, "referenceLocator": "pkg:npm/a@1"}])
    assert told(shapes.spdx([package])).components[0].purl == ("pkg:npm/a@1" if is_told else "")


def test_components_within_components_are_found(told):
    document = shapes.cyclonedx([shapes.cyclonedx_component(components=[JACKSON | {"components": [JACKSON]}])])
    assert [component.name for component in told(document).components] == ["busybox", "jackson", "jackson"]


def test_components_of_cyclonedx_are_read_from_xml(told):
    read = told(XML, "application/vnd.cyclonedx+xml")
    assert [(one.name, one.licenses) for one in read.components] == [
        ("tomcat", ("Apache-2.0", "Own licence")),
        ("inner", ()),
    ]
    assert read.at == datetime(2026, 1, 4, 9, 30, tzinfo=UTC)


def test_vulnerabilities_of_cyclonedx_are_read_from_xml(told):
    read = told(XML)
    assert [(one.id, one.component, one.severity, one.score) for one in read.vulnerabilities] == [
        ("CVE-2026-1", "pkg:maven/org.acme/tomcat@9.0.14", "critical", 9.8),
        ("CVE-2026-2", "image", "", None),
    ]
    assert [(one.names, one.components, one.images) for one in read.opinions] == [
        ({"CVE-2026-2"}, frozenset(), {shapes.AMD})
    ]


@pytest.mark.parametrize(
    ("tools", "tool", "is_partial"),
    [
        (b"<tools><tool><name>grype</name></tool></tools>", "grype", False),
        (b"<tools><components><component><name>grype</name></component></components></tools>", "grype", False),
        (b"<tools><tool><name>syft</name></tool></tools>", "syft", True),
        (b"", "", True),
    ],
)
def test_the_tools_of_cyclonedx_are_read_from_xml(told, tools, tool, is_partial):
    before, _, rest = XML.partition(b"<tools>")
    read = told(before + tools + rest.partition(b"</tools>")[2])
    assert (read.tool, read.is_partial) == (tool, is_partial)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (shapes.spdx(spdxVersion="SPDX-3.0"), "neither of version 2.2 nor 2.3"),
        (shapes.spdx(packages="many"), "without a list of packages"),
        (shapes.spdx(packages=["zlib"]), "not what it should be"),
        (shapes.spdx([shapes.spdx_package(name="x" * 5000)]), "a name of more than 4,096"),
        (shapes.cyclonedx(specVersion="2.0"), "of no version"),
        (shapes.cyclonedx(specVersion=1.5), "of no version"),
        ({"bomFormat": "CycloneDX", "specVersion": "1.5"}, "without components"),
        (shapes.cyclonedx(components=[7]), "not what it should be"),
        (b"<bom xmlns='urn:other'/>", "not CycloneDX"),
        (b"<bom", "not XML"),
        (b"<?xml version='1.0' encoding='klingon'?><bom/>", "not XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><bom>&b;</bom>", "document type or entities"),
        (b"<!DOCTYPE bom SYSTEM 'file:///etc/passwd'><bom/>", "document type or entities"),
    ],
)
def test_an_sbom_that_is_none_counts_for_nothing(told, document, sentence):
    with pytest.raises(Unreadable, match=sentence):
        told(document)


@pytest.mark.parametrize(
    ("document", "tool"),
    [
        (shapes.spdx(), "syft-1.33.0"),
        (shapes.statement(shapes.buildkit_spdx()), "syft-v0.105.0"),
        (shapes.cyclonedx(), "trivy 0.66.0"),
        (
            shapes.cyclonedx(metadata={"tools": [{"vendor": "aquasecurity", "name": "trivy", "version": "dev"}]}),
            "trivy dev",
        ),
        (shapes.cyclonedx(metadata=None), ""),
    ],
)
def test_an_sbom_names_the_tool_that_made_it(told, document, tool):
    assert told(document).tool == tool
