"""What a marked text says: the image or the tag in it, and how the next tag is spelled there."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference, is_tag
from bot.manifests.texts import image_in, respelled, tag_in

DIGEST = "@sha256:" + "a" * 64


def cut(text: str, span: tuple[int, int] | None) -> str | None:
    return None if span is None else text[span[0] : span[1]]


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("ghcr.io/acme/app:1.9.0", "ghcr.io/acme/app:1.9.0"),
        ("ghcr.io/acme/app:1.9.0" + DIGEST, "ghcr.io/acme/app:1.9.0" + DIGEST),
        ("app" + DIGEST, "app" + DIGEST),
        ("alpine:3", "alpine:3"),
        ("alpine:edge", "alpine:edge"),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
        ("--image=ghcr.io/acme/app:1.9.0", "ghcr.io/acme/app:1.9.0"),
        ("docker run acme/app:1.9.0 --x", "acme/app:1.9.0"),
        ("docker run -v /data:/data -p 8080:80 acme/app:1.9.0", "acme/app:1.9.0"),
        ('IMAGE="acme/app:1.9.0"', "acme/app:1.9.0"),
        ("['acme/app:1.9.0',]", "acme/app:1.9.0"),
        ("run(acme/app:latest);", "acme/app:latest"),
        ("docker run redis:7.2", "redis:7.2"),
        ("docker run redis:v7", "redis:v7"),
        ("image: acme/app:1.9.0" + DIGEST, "acme/app:1.9.0" + DIGEST),
        ("größe acme/app:1.9.0 größe", "acme/app:1.9.0"),
        # one slash or a version has to say that a word is an image
        ("docker run redis:alpine", None),
        ("mode:fast", "mode:fast"),
        ("--mode mode:fast", None),
        # no tag and no digest
        ("ghcr.io/acme/app", None),
        ("--image=ghcr.io/acme/app", None),
        ("1.9.0", None),
        ("", None),
        # addresses and times
        ("http://host:80/x", None),
        ("https://host.example:8080/x:1.9.0", None),
        ("--url=http://host.example:80", None),
        ("db.example:5432", None),
        ("localhost:5432", None),
        ("127.0.0.1:8080", None),
        ("--listen db.example:5432", None),
        ("12:30", None),
        ("12:30:45", None),
        ("at 12:30.5", None),
        # which one?
        ("acme/app:1.9.0 acme/other:1.9.0", None),
        ("acme/app:1.9.0 acme/app:1.9.0", None),
        # a digest names no image
        (DIGEST[1:], None),
        ("sha512:" + "a" * 128, None),
        ("--digest=" + DIGEST[1:], None),
        ("acme/sha256:" + "a" * 64, "acme/sha256:" + "a" * 64),
        # a tag or a digest that cannot be one
        ("acme/app:" + "1" * 200, None),
        ("acme/app@sha256:abc", None),
        ("acme/App:1.9.0", None),
    ],
)
def test_the_one_image_in_a_text_is_found(text, image):
    assert cut(text, image_in(text)) == image


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        # all of it
        ("1.9.0", "1.9.0"),
        ("latest", "latest"),
        ("api-1.9.0", "api-1.9.0"),
        ("app-1.9.0.tgz", "app-1.9.0.tgz"),
        # the tag of the one image
        ("ghcr.io/acme/app:1.9.0", "1.9.0"),
        ("ghcr.io/acme/app:1.9.0" + DIGEST, "1.9.0"),
        ("10.0.0.1:5000/acme/app:1.9.0", "1.9.0"),
        ("--image=10.0.0.1:5000/acme/app:1.9.0", "1.9.0"),
        ("docker run acme/app:latest --pull", "latest"),
        ("docker run acme/app:api-1.9.0 --pull", "api-1.9.0"),
        # the one version
        ("APP_VERSION=1.9.0", "1.9.0"),
        ("--version=v1.9.0-rc.1", "v1.9.0-rc.1"),
        ("v1.9.0,debug", "v1.9.0"),
        ("see 1.9.0.", "1.9.0"),
        ("-1.9.0", "1.9.0"),
        ("größe 1.9.0", "1.9.0"),
        ("https://example.com/download/v1.9.0/app.tgz", "v1.9.0"),
        # with its v, and without what stands before it in the word
        ("V=api-1.9.0", "1.9.0"),
        ("V='api-v1.9.0'", "v1.9.0"),
        ("--x prefix1.9.0", "1.9.0"),
        ("--x prefixv1.9.0", "1.9.0"),
        ("--x app_1.9.0", "1.9.0"),
        ("--x app+1.9.0", "1.9.0"),
        ("--x app.1.9.0", "1.9.0"),
        ("--x " + "a" * 128 + "-1.9.0", "1.9.0"),
        ("V=alpine3.19-1.9.0", "1.9.0"),
        ("V=python3.11-alpine3.19", "3.11-alpine3.19"),
        # with its suffix, and without the ending of a file
        ("TAG=1.9.0-debug", "1.9.0-debug"),
        ('TAG="app-1.9.0-alpine3.19"', "1.9.0-alpine3.19"),
        ("--x 1.9.0_amd64", "1.9.0_amd64"),
        ("--x openssl-1.1.1w", "1.1.1w"),
        ("--chart=app-1.9.0.tgz", "1.9.0"),
        ("--chart=app-v1.9.0.tar.gz", "v1.9.0"),
        ("--chart=app-1.9.0-rc.1.tgz", "1.9.0-rc.1"),
        ("-jar app-1.9.0-SNAPSHOT.jar", "1.9.0-SNAPSHOT"),
        ("--x app-1.9.0-debug.tar.gz", "1.9.0-debug"),
        ("--x app-1.9.0.x86_64.rpm", "1.9.0"),
        # no registry has a tag with a plus
        ("V=1.9.0+build.5", None),
        ("--x 1.9.0-rc.1+5", None),
        ("1.9.0+build.5", None),
        # the value where it holds no version
        ("TAG=latest", "latest"),
        ("TAG=main-abc1234", "main-abc1234"),
        ("TAG=v5-debug", "v5-debug"),
        ("TAG=1.9.x", "1.9.x"),
        ("--x 1.9.x", None),
        ('TAG = "latest" ', "latest"),
        ("TAG='latest'", "latest"),
        ("app" + DIGEST, None),
        ("TAG=", None),
        ("TAG=\"latest'", None),
        ('TAG="', None),
        ("A=B=C", None),
        ("TAG=one two", None),
        # which one?
        ("1.9.0 or 2.0.0", None),
        ("--from=acme/app:1.9.0 --to=acme/app:latest", None),
        ("two words", None),
        ("x " + "1." * 100 + "1", None),
        ("x " + "a" * 300 + "-1.9.0", None),
        ("", None),
    ],
)
def test_the_one_tag_in_a_text_is_found(text, tag):
    assert cut(text, tag_in(text)) == tag


@pytest.mark.parametrize("text", ["1.9.0", "v1", "api-v5", "V=1.9.0", "V=v5", "app-1.9.0.tgz", "--x 1.9.0-debug"])
def test_a_version_is_found_where_it_has_to_be_one(text):
    assert tag_in(text, is_version=True) == tag_in(text) is not None


@pytest.mark.parametrize("text", ["latest", "main", "true", "3", "dev8", "TAG=main-abc1234", "TAG=20240101", "TAG=3"])
def test_a_tag_without_a_version_is_none_where_it_has_to_be_one(text):
    assert tag_in(text) is not None
    assert tag_in(text, is_version=True) is None


@pytest.mark.parametrize(
    ("stands", "wish", "spelled"),
    [
        # the whole tag is the version
        ("1.9.0", "2.0.0", "2.0.0"),
        ("v1.9.0", "2.0.0", "2.0.0"),
        ("1.9.0", "v2.0.0", "v2.0.0"),
        ("1.9", "2.0.0", "2.0.0"),
        ("1.9.0-rc.1", "2.0.0", "2.0.0"),
        ("1.9.0rc1", "2.0.0", "2.0.0"),
        ("1.9.0-alpha", "2.0.0", "2.0.0"),
        ("1.9.0-beta-2", "2.0.0", "2.0.0"),
        ("1.9.0-1", "2.0.0", "2.0.0"),
        ("v1.9.0-SNAPSHOT", "v2.0.0", "v2.0.0"),
        # something stands beside it
        ("1.9.0-debug", "2.0.0", "2.0.0-debug"),
        ("v1.9.0-debug", "2.0.0", "2.0.0-debug"),
        ("1.9.0-debug", "v2.0.0", "v2.0.0-debug"),
        ("1.9.0-alpine", "2.0.0", "2.0.0-alpine"),
        ("1.9.0-alpine3.19", "2.0.0", "2.0.0-alpine3.19"),
        ("1.9.0-debian-12-r5", "2.0.0", "2.0.0-debian-12-r5"),
        ("1.9.0_amd64", "2.0.0", "2.0.0_amd64"),
        ("1.9.0-rc.1-debug", "2.0.0-rc.2", "2.0.0-rc.2-debug"),
        ("1.9.0-rc.1-debug", "2.0.0", "2.0.0-debug"),
        ("app-1.9.0", "2.0.0", "app-2.0.0"),
        ("app-v1.9.0", "v2.0.0", "app-v2.0.0"),
        ("app.1.9.0", "2.0.0", "app.2.0.0"),
        ("app-1.9.0.tgz", "2.0.0", "app-2.0.0.tgz"),
        ("alpine3.19-1.9.0", "2.0.0", "alpine3.19-2.0.0"),
        ("python3.11", "3.12", "python3.12"),
        ("python3.11-alpine3.19", "3.12", "python3.12-alpine3.19"),
        ("v5-debug", "v6", "v6-debug"),
        # a wish that says more than a version says all of it
        ("1.9.0-debug", "2.0.0-debug", "2.0.0-debug"),
        ("1.9.0-debug", "2.0.0-slim", "2.0.0-slim"),
        ("app-1.9.0", "other-2.0.0", "other-2.0.0"),
        ("1.9.0-debug", "latest", "latest"),
        # no version stands there
        ("latest", "2.0.0", "2.0.0"),
        ("main-1700000000", "2.0.0", "2.0.0"),
        ("20240101-abc123", "2.0.0", "2.0.0"),
        ("1.9.x", "2.0.0", "2.0.0"),
        ("1.x-debug", "2.0.0", "2.0.0"),
        # the version would not be found again
        ("python3.11", "v3.12", "v3.12"),
        ("app-1.9.0", "2", "2"),
        ("1.9.0-debug", "20240101", "20240101"),
        ("1.9.0-" + "x" * 122, "2.0.00", "2.0.00"),
    ],
)
def test_a_tag_keeps_what_stands_beside_its_version(stands, wish, spelled):
    assert respelled(stands, wish) == spelled


tags = st.one_of(
    st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    st.from_regex(r"(v|app-|x|a\.)?[0-9]{1,2}(\.[0-9]){0,3}([-_.]?(rc|alpha|debug|x)[-.]?[0-9]?){0,2}", fullmatch=True),
)
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=string.ascii_lowercase[:4] + "vV019./:@=-_ \"',[]", max_size=40),
    st.lists(st.one_of(tags, st.sampled_from(["acme/app:1.9.0", "=", " ", "--image", DIGEST, ":", "/"]))).map("".join),
)


@given(tags)
def test_a_tag_spelled_as_itself_stays(tag):
    assert respelled(tag, tag) == tag


@given(tags, tags)
def test_the_same_wish_again_changes_nothing(stands, wish):
    once = respelled(stands, wish)
    assert respelled(once, wish) == once


@given(tags, tags)
def test_what_is_spelled_is_a_tag_with_the_wish_in_it(stands, wish):
    spelled = respelled(stands, wish)
    assert is_tag(spelled)
    assert wish in spelled


@given(texts)
def test_what_is_found_as_an_image_reads_as_one(text):
    found = cut(text, image_in(text))
    assert found is None or ImageReference.parse(found).tag or ImageReference.parse(found).digest


@given(texts)
def test_what_is_found_as_a_tag_can_be_one(text):
    found = cut(text, tag_in(text))
    assert found is None or is_tag(found)


@given(texts)
def test_a_version_is_what_is_found_as_a_tag_or_nothing(text):
    assert tag_in(text, is_version=True) in {None, tag_in(text)}


around = st.sampled_from(["", "api-", "app_", "x+", "prefix", "alpine3.19-"])
endings = st.sampled_from(["", ".tgz", ".tar.gz", ".jar"])
versions = st.from_regex(r"v?[1-9]\.[0-9]\.[1-9](-debug|_amd64|-rc\.[1-9]|-alpine3\.[1-9]){0,2}", fullmatch=True)


@given(around, versions, endings, st.sampled_from(["V={}", "--set image.tag={}", 'X="{}"', "docker load {} # x"]))
def test_a_version_in_a_longer_text_is_found_without_what_stands_around_it(before, version, behind, text):
    glued = before == "prefix"
    found = tag_in(text.format(before + version + behind))
    assert cut(text.format(before + version + behind), found) == (version.removeprefix("v") if glued else version)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.1-.a",
        "1.",
        "a.",
        "-",
        "v1",
        ":",
        "/",
        "a/",
        "a:",
        "@",
        "=",
        " ",
        "1.2 ",
        "a-",
        "a__",
        "rc",
        "\u3000",
        "a/b:1.0",
    ],
)
def test_a_hostile_text_is_read_in_a_bounded_time(piece):
    text = piece * (100_000 // len(piece))
    found = (image_in(text), image_in("x" + text + ":1.0"), tag_in(text), tag_in("A=" + text))
    assert found == (None, None, None, None)
    assert respelled(text, "2.0.0") == "2.0.0"


@pytest.mark.parametrize("piece", [".a", "-a", "-rc.", "+", "_", "a1.", "-1.1"])
def test_a_hostile_word_is_read_in_a_bounded_time(piece):
    assert tag_in("--x 1.1-" + piece * 50_000 + "_") is None


@pytest.mark.parametrize("piece", ["-rc-1", ".rc.1", "-1", ".1", "-rc", "rc1", "-", ".", "a1", "v1", "-v1.1"])
def test_a_hostile_tag_is_spelled_in_a_bounded_time(piece):
    tag = "1.1" + piece * (120 // len(piece)) + "x_"
    assert respelled("1.9.0-debug", tag) == tag
    assert is_tag(respelled(tag, "2.0.0"))
