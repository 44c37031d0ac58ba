"""Image references: what they name, what is refused, and how they are written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference, InvalidImageReference, is_tag

SHA256 = "sha256:" + "a" * 64
SHA512 = "sha512:" + "b" * 128

READ = [
    # text, host, repository, tag, digest
    ("nginx", "docker.io", "library/nginx", None, None),
    ("nginx:latest", "docker.io", "library/nginx", "latest", None),
    ("nginx:LATEST", "docker.io", "library/nginx", "LATEST", None),
    ("nginx:1.25", "docker.io", "library/nginx", "1.25", None),
    ("bitnami/nginx:1.25", "docker.io", "bitnami/nginx", "1.25", None),
    ("docker.io/nginx", "docker.io", "library/nginx", None, None),
    ("docker.io/library/nginx", "docker.io", "library/nginx", None, None),
    ("index.docker.io/nginx:1", "docker.io", "library/nginx", "1", None),
    ("index.docker.io/bitnami/nginx", "docker.io", "bitnami/nginx", None, None),
    ("registry-1.docker.io/library/nginx", "registry-1.docker.io", "library/nginx", None, None),
    ("localhost:5000/app", "localhost:5000", "app", None, None),
    ("localhost:5000/app:1", "localhost:5000", "app", "1", None),
    ("localhost/app", "localhost", "app", None, None),
    ("LOCAL/app", "LOCAL", "app", None, None),
    ("test.com:5000", "docker.io", "library/test.com", "5000", None),
    ("test.com/repo:tag", "test.com", "repo", "tag", None),
    ("test:5000/repo", "test:5000", "repo", None, None),
    ("test/repo", "docker.io", "test/repo", None, None),
    ("gcr.io/google-containers/pause", "gcr.io", "google-containers/pause", None, None),
    ("ghcr.io/a/b/c/d:v1", "ghcr.io", "a/b/c/d", "v1", None),
    ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000", "repo", "tag", None),
    ("[2001:db8::1]/repo", "[2001:db8::1]", "repo", None, None),
    ("busybox:latest@" + SHA256, "docker.io", "library/busybox", "latest", SHA256),
    ("busybox@" + SHA256, "docker.io", "library/busybox", None, SHA256),
    ("localhost:5000/app@" + SHA512, "localhost:5000", "app", None, SHA512),
    ("a_b/c__d/e---f.g", "docker.io", "a_b/c__d/e---f.g", None, None),
    ("a/" + "b" * 253, "docker.io", "a/" + "b" * 253, None, None),
    ("x:" + "t" * 128, "docker.io", "library/x", "t" * 128, None),
    ("a" * 64 + ":1", "docker.io", "library/" + "a" * 64, "1", None),
]


@pytest.mark.parametrize(("text", "host", "repository", "tag", "digest"), READ)
def test_a_reference_is_read_as_docker_reads_it(text, host, repository, tag, digest):
    reference = ImageReference.parse(text)

    assert (reference.host, reference.repository, reference.tag, reference.digest) == (host, repository, tag, digest)
    assert str(reference) == text


REFUSED = [
    ("", "empty"),
    (":justtag", "no name"),
    ("@" + SHA256, "no name"),
    ("nginx:", "cannot be a tag"),
    ("nginx:1.25 ", "white space"),
    (" nginx", "white space"),
    ("nginx :1", "is no repository"),
    ("nginx:1\n", "white space"),
    ("nginx:a:b", "cannot be a tag"),
    ("nginx:.a", "cannot be a tag"),
    ("nginx:-a", "cannot be a tag"),
    ("nginx:" + "t" * 129, "cannot be a tag"),
    ("a.b:0/c", "is no registry host"),
    ("a.b:65536/c", "is no registry host"),
    ("a.b:" + "9" * 500 + "/c", "is no registry host"),
    ("[::1::]/c", "is no registry host"),
    ("[:::]:5000/c", "is no registry host"),
    ("a" * 239 + ".b/c", "is no registry host"),
    ("a..b/c", "is no registry host|is no repository"),
    ("a/..b", "is no repository"),
    ("a/b-", "is no repository"),
    ("a//b", "is no repository"),
    ("/a", "is no repository"),
    ("a/", "is no repository"),
    ("a___b", "is no repository"),
    ("Uppercase:tag", "lower case"),
    ("ghcr.io/Org/App", "lower case"),
    ("-host.com/app", "is no registry host"),
    ("host:port/app", "is no registry host"),
    ("[::g]/app", "is no registry host"),
    ("http://host/app", "is no registry host"),
    ("b" * 256, "at most 255"),
    ("b" * 248, "at most 255"),
    ("a" * 64, "image id"),
    ("busybox@sha256:" + "a" * 63, "64 digits"),
    ("repo@sha256:" + "a" * 34, "64 digits"),
    ("repo@sha512:" + "a" * 64, "128 digits"),
    ("repo@sha256:" + "A" * 64, "lower case"),
    ("repo@sha256:" + "g" * 64, "hexadecimal"),
    ("nginx:1.25@SHA256:" + "a" * 64, "no digest algorithm"),
    ("repo@md5:" + "a" * 32, "no digest algorithm"),
    ("repo@", "no digest algorithm"),
    ("repo@" + SHA256 + "@" + SHA256, "digits"),
    ("{{ .Values.image }}", "is no repository|lower case"),
    ("nginx:{{ .Values.tag }}", "cannot be a tag"),
    ("${IMAGE}", "is no repository|lower case"),
    ("é/nginx", "is no repository"),
    ("nginx:\u0661", "cannot be a tag"),
    ("a/" * 600 + "b", "longer than 1024"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_reference_is_refused_with_the_reason(text, reason):
    with pytest.raises(InvalidImageReference, match=reason) as caught:
        ImageReference.parse(text)

    assert caught.value.text == text


def test_a_number_is_refused_and_its_text_is_kept():
    with pytest.raises(InvalidImageReference) as caught:
        ImageReference.parse(1.25)

    assert caught.value.text == "1.25"


def test_a_refusal_shows_no_control_characters_and_no_endless_text():
    with pytest.raises(InvalidImageReference) as caught:
        ImageReference.parse("\x1b[31mred\u202e" + "x" * 5000)

    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.25", "docker.io/library/nginx:1.25"),
        ("index.docker.io/a/b:1@" + SHA256, "docker.io/a/b:1@" + SHA256),
        ("ghcr.io/o/app", "ghcr.io/o/app"),
    ],
)
def test_the_canonical_form_fills_in_docker_hub_and_no_tag(text, canonical):
    assert ImageReference.parse(text).canonical() == canonical


def test_the_name_is_the_image_without_tag_and_digest():
    assert ImageReference.parse("nginx:1.25@" + SHA256).name == "docker.io/library/nginx"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("nginx", "nginx:1.26"),
        ("nginx:1.25", "nginx:1.26"),
        ("nginx:1.25@" + SHA256, "nginx:1.26"),
        ("nginx@" + SHA256, "nginx:1.26"),
        ("index.docker.io/nginx:1.25", "index.docker.io/nginx:1.26"),
        ("localhost:5000/app", "localhost:5000/app:1.26"),
    ],
)
def test_another_tag_keeps_the_name_as_it_was_written(text, written):
    moved = ImageReference.parse(text).with_tag("1.26")

    assert str(moved) == written
    assert moved == ImageReference.parse(written)


@pytest.mark.parametrize("tag", ["", "a b", "1.0+build", ".1", "t" * 129, "1\n", "a@b"])
def test_another_tag_must_be_a_tag(tag):
    assert not is_tag(tag)
    with pytest.raises(InvalidImageReference, match="cannot be a tag"):
        ImageReference.parse("nginx").with_tag(tag)


LIKE_REFERENCES = st.lists(
    st.sampled_from(
        ["nginx", "a", "A", ".", ":", "/", "@", "-", "_", "sha256:", "a" * 64, "localhost", "[::1]", "5000"]
    ),
    max_size=8,
).map("".join)


@given(st.text() | LIKE_REFERENCES)
def test_any_text_is_a_reference_or_a_refusal(text):
    try:
        reference = ImageReference.parse(text)
    except InvalidImageReference:
        return

    again = ImageReference.parse(reference.canonical())
    assert (again.name, again.tag, again.digest) == (reference.name, reference.tag, reference.digest)
    assert str(reference) == text
