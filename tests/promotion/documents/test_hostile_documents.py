"""Documents that were written to do harm: each is refused with a sentence, or read within its bounds."""

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.promotions import Evidence
from bot.promotion import Source
from bot.promotion.documents import FoundDocument, of_report
from bot.promotion.documents.packages import MOST_COMPONENTS
from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import LARGEST, LARGEST_IN_MEMORY, loaded, memory_wanted
from bot.promotion.gathering import gathered
from tests.promotion.documents import shapes

KINDS = [
    shapes.trivy(),
    shapes.grype(),
    shapes.harbor(),
    shapes.harbor_answer(),
    shapes.amazon_basic(),
    shapes.amazon_enhanced(),
    shapes.spdx(),
    shapes.statement(shapes.buildkit_spdx()),
    shapes.cyclonedx(vulnerabilities=[shapes.cyclonedx_vulnerability("not_affected")]),
    shapes.openvex([{"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:npm/a@1"}]}]),
    shapes.cosign_vulnerabilities(shapes.trivy()),
    shapes.envelope(shapes.statement(shapes.spdx())),
    shapes.bundle(shapes.statement(shapes.spdx())),
]
MANY = [shapes.cyclonedx_vulnerability(affects=[{"ref": "a"}] * 60_000)] * 2
# Each list is short, and all pairs of two of them are far more than can be held.
MANY_NAMES = shapes.cyclonedx_vulnerability(
    affects=[{"ref": f"a{number}"} for number in range(30_000)],
    references=[{"id": f"GHSA-{number}"} for number in range(30_000)],
)
MANY_PRODUCTS = shapes.openvex(
    [f"ghcr.io/o/app@{shapes.AMD}"] * 30_000, subcomponents=[f"pkg:npm/a{number}@1" for number in range(30_000)]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def evidence(content):
    found = FoundDocument(shapes.AMD, "", "", content, Source(Evidence.REPORT, "the report"))
    return gathered([found], [(None, shapes.AMD)], shapes.AMD)


def places(value, path=()):
    """Give the path of each value in a document."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def changed(value, path, new):
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


@given(st.data())
def test_any_value_at_any_place_of_a_document_never_raises(data):
    document = data.draw(st.sampled_from(KINDS))
    path = data.draw(st.sampled_from(list(places(document))))
    hostile = changed(document, path, data.draw(JSON))
    assert evidence(json.dumps(hostile).encode()).digest == shapes.AMD


@given(st.binary(max_size=200) | st.builds(lambda text: f"<{text}>".encode(), st.text(max_size=50)))
def test_any_bytes_never_raise(content):
    assert len(evidence(content).refused) == 1
    assert of_report(content) is None


@given(st.text(max_size=60))
def test_any_package_url_never_raises(url):
    documents = [
        shapes.cyclonedx([shapes.cyclonedx_component(purl=f"pkg:{url}")]),
        shapes.openvex([{"@id": f"pkg:{url}"}]),
        shapes.spdx([shapes.spdx_package(externalRefs=[{"referenceType": "purl", "referenceLocator": f"pkg:{url}"}])]),
    ]
    assert [evidence(shapes.encoded(document)).refused for document in documents] == [(), (), ()]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b"[]", "not an object"),
        (b"7", "not an object"),
        (b'{"a": 1, "a": 2}', "a name twice"),
        (b'{"a": {"b": 1, "b": 2}}', "a name twice"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "NaN"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not JSON"),
        (b'{"a": ' * 200_000, "nested too deeply"),
        (b"[" * 200_000, "nested too deeply"),
        (b" " * LARGEST + b"{}", "larger than 100 MB"),
        (b"[" + b"[]," * 3_000_000, "too many values"),
        (b"[" + b'{"a":1},' * 2_000_000, "too many values"),
        (b"[" + b"1," * 6_000_000, "too many values"),
        (b'{"a": "\xf0\x9f\x98\x80' + b"a" * (LARGEST - 20) + b'"}', "too many values"),
    ],
    ids=range(17),
)
def test_json_that_is_none_or_too_much(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        loaded(content)


def test_a_byte_order_mark_is_let_pass():
    assert loaded(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"])
def test_what_no_database_stores_is_replaced(letter):
    content = json.dumps(shapes.cyclonedx([shapes.cyclonedx_component("NAME")])).replace("NAME", f"a{letter}b").encode()
    [platform] = evidence(content).platforms
    assert platform.inventories[0].components[0].name == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (shapes.spdx([{"name": "a"}] * (MOST_COMPONENTS + 1)), "more than 50,000 packages"),
        (shapes.cyclonedx([{"name": "a"}] * (MOST_COMPONENTS + 1)), "more than 50,000 components"),
        (shapes.grype([{}] * 100_001), "more than 100,000 entries"),
        (shapes.cyclonedx(vulnerabilities=MANY), "more than 100,000 vulnerabilities"),
        (shapes.trivy([shapes.trivy_vulnerability(PkgName="x" * 5000)]), "a name of more than 4,096"),
        (shapes.cyclonedx(vulnerabilities=[MANY_NAMES]), "more than 100,000 vulnerabilities"),
        (MANY_PRODUCTS, "more than 100,000 vulnerabilities"),
    ],
    ids=["spdx", "cyclonedx", "grype", "cyclonedx vulnerabilities", "name", "other names", "products"],
)
def test_more_than_anyone_writes_is_refused(document, sentence):
    [refused] = evidence(shapes.encoded(document)).refused
    assert sentence in refused.reason


def test_components_nested_too_deeply_in_xml_are_refused():
    nest = b"<components><component type='library'><name>a</name>" * 5000
    closed = b"</component></components>" * 5000
    content = b"<bom xmlns='http://cyclonedx.org/schema/bom/1.5'>" + nest + closed + b"</bom>"
    [refused] = evidence(content).refused
    assert refused.reason == "its components are nested too deeply"


def test_xml_of_too_many_elements_is_refused():
    [refused] = evidence(b"<bom xmlns='http://cyclonedx.org/schema/bom/1.5'>" + b"<a/>" * 2_000_000).refused
    assert refused.reason == "it holds too many values"


def test_all_documents_together_hold_no_more_than_can_be_read():
    content = shapes.encoded(shapes.trivy([{"VulnerabilityID": "CVE-1"}] * 40_000))
    found = FoundDocument(shapes.AMD, "", "", content, Source(Evidence.REPORT, "the report"))
    read = gathered([found] * 5, [(None, shapes.AMD)], shapes.AMD)
    assert ([len(one.reports) for one in read.platforms], len(read.refused)) == ([2], 3)


@pytest.mark.parametrize("document", KINDS)
def test_what_is_read_can_be_sent_between_processes(document):
    read = evidence(shapes.encoded(document))
    assert pickle.loads(pickle.dumps(read)) == read


@given(st.lists(JSON, max_size=30))
def test_the_estimate_of_memory_is_never_less_than_the_text(values):
    content = json.dumps({"a": values}).encode()
    assert len(content) < memory_wanted(content) < LARGEST_IN_MEMORY
