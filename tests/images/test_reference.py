"""Image references: what they name, what is refused, and how they are written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import ImageReference, InvalidImageReference, is_tag

SHA256 = "sha256:" + "a" * 64
SHA384 = "sha384:" + "c" * 96
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
    ("index.docker.io/library/nginx", "docker.io", "library/nginx", None, None),
    ("index.docker.io:443/nginx", "index.docker.io:443", "nginx", None, None),
    ("docker.io:443/nginx", "docker.io:443", "nginx", None, None),
    ("registry-1.docker.io/library/nginx", "registry-1.docker.io", "library/nginx", None, None),
    ("localhost:5000/app", "localhost:5000", "app", None, None),
    ("localhost:5000/app:1", "localhost:5000", "app", "1", None),
    ("localhost/app", "localhost", "app", None, None),
    ("LOCAL/app", "LOCAL", "app", None, None),
    ("LOCAL/app:1@" + SHA256, "LOCAL", "app", "1", SHA256),
    ("Registry.Example.com/app", "Registry.Example.com", "app", None, None),
    ("DOCKER.IO/nginx", "DOCKER.IO", "nginx", None, None),
    ("192.168.0.10:5000/app", "192.168.0.10:5000", "app", None, None),
    ("test.com:5000", "docker.io", "library/test.com", "5000", None),
    ("test.com/repo:tag", "test.com", "repo", "tag", None),
    ("test:5000/repo", "test:5000", "repo", None, None),
    ("test/repo", "docker.io", "test/repo", None, None),
    ("gcr.io/google-containers/pause", "gcr.io", "google-containers/pause", None, None),
    ("ghcr.io/a/b/c/d:v1", "ghcr.io", "a/b/c/d", "v1", None),
    ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000", "repo", "tag", None),
    ("[2001:db8::1]:5000/repo", "[2001:db8::1]:5000", "repo", None, None),
    ("[2001:db8::1]/repo", "[2001:db8::1]", "repo", None, None),
    ("[2001:DB8::1]/a/b:tag@" + SHA256, "[2001:DB8::1]", "a/b", "tag", SHA256),
    ("busybox:latest@" + SHA256, "docker.io", "library/busybox", "latest", SHA256),
    ("busybox@" + SHA256, "docker.io", "library/busybox", None, SHA256),
    ("busybox@" + SHA384, "docker.io", "library/busybox", None, SHA384),
    ("localhost:5000/app@" + SHA512, "localhost:5000", "app", None, SHA512),
    ("ghcr.io/a/b:1@" + SHA512, "ghcr.io", "a/b", "1", SHA512),
    ("a_b/c__d/e---f.g", "docker.io", "a_b/c__d/e---f.g", None, None),
    ("a/" + "b" * 253, "docker.io", "a/" + "b" * 253, None, None),
    ("x:" + "t" * 128, "docker.io", "library/x", "t" * 128, None),
    ("x:_-.", "docker.io", "library/x", "_-.", None),
    ("a" * 64 + ":1", "docker.io", "library/" + "a" * 64, "1", None),
    ("library/" + "a" * 64, "docker.io", "library/" + "a" * 64, None, None),
    ("a" * 63, "docker.io", "library/" + "a" * 63, None, None),
    ("a.b/" + "c" * 255, "a.b", "c" * 255, None, None),
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
    ("ghcr.io/org/App", "lower case"),
    ("Nginx", "lower case"),
    ("-host.com/app", "is no registry host"),
    ("host:port/app", "is no registry host"),
    ("[::g]/app", "is no registry host"),
    ("[::1]:port/app", "is no registry host"),
    ("[::1/app", "is no registry host"),
    ("[fe80::1%eth0]/app", "is no registry host"),
    ("::1/app", "is no registry host"),
    ("a..b", "is no repository"),
    ("http://host/app", "is no registry host"),
    ("b" * 256, "at most 255"),
    ("b" * 248, "at most 255"),
    ("a.b/" + "c" * 256, "at most 255"),
    ("a" * 64, "image id"),
    ("busybox@sha256:" + "a" * 63, "64 digits"),
    ("repo@sha256:" + "a" * 34, "64 digits"),
    ("repo@sha512:" + "a" * 64, "128 digits"),
    ("repo@sha256:" + "A" * 64, "lower case"),
    ("repo@sha256:" + "g" * 64, "hexadecimal"),
    ("nginx:1.25@SHA256:" + "a" * 64, "no digest algorithm"),
    ("nginx@" + SHA256.upper(), "no digest algorithm"),
    ("nginx:1@" + SHA512.replace("b", "B"), "lower case"),
    ("nginx@" + SHA256 + ":1", "64 digits"),
    ("repo@md5:" + "a" * 32, "no digest algorithm"),
    ("repo@sha256:", "64 digits"),
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


@pytest.mark.parametrize("text", ["", "\x00", "a\ud800", "\u202ea/b", "a:\u2028", "a@\x1b[0m", "\n"])
def test_a_refusal_can_be_printed(text):
    with pytest.raises(InvalidImageReference) as caught:
        ImageReference.parse(text)

    assert str(caught.value).isprintable()


PIECES = [
    "nginx", "library", "a", "A", ".", ":", "/", "@", "-", "_", "__", "sha256:", "sha512:", "a" * 64, "b" * 128, "5000",
    "localhost", "docker.io", "index.docker.io", "[::1]", "1.25", " ", "\n", "\x00", "\ud800", "\u0661", "é",
]  # fmt: skip
LIKE_REFERENCES = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def hosts():
    return st.sampled_from(["", "ghcr.io/", "docker.io/", "index.docker.io/", "localhost:5000/", "[::1]:80/", "LOCAL/"])


def repositories():
    part = st.from_regex(r"[a-z0-9]{1,9}(([._]|__|-{1,3})[a-z0-9]{1,9}){0,2}", fullmatch=True)
    return st.lists(part, max_size=3).map(lambda parts: "/".join(["acme", *parts]))


def tags():
    return st.just("") | st.from_regex(r":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True)


def digests():
    return st.sampled_from(["", f"@{SHA256}", f"@{SHA384}", f"@{SHA512}"])


REFERENCES = st.tuples(hosts(), repositories(), tags(), digests()).map("".join)


@given(REFERENCES)
def test_what_the_grammar_makes_is_a_reference(text):
    assert str(ImageReference.parse(text)) == text


@given(REFERENCES)
def test_a_reference_written_out_is_read_as_itself(text):
    reference = ImageReference.parse(text)

    assert ImageReference.parse(str(reference)) == reference


@given(REFERENCES)
def test_the_canonical_form_names_the_same_place_and_is_its_own(text):
    reference = ImageReference.parse(text)

    again = ImageReference.parse(reference.canonical())
    assert (again.name, again.tag, again.digest) == (reference.name, reference.tag, reference.digest)
    assert again.canonical() == reference.canonical()


@given(REFERENCES, st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", fullmatch=True))
def test_another_tag_stays_in_the_same_repository(text, tag):
    moved = ImageReference.parse(text).with_tag(tag)

    assert moved == ImageReference.parse(str(moved))
    assert (moved.name, moved.tag, moved.digest) == (ImageReference.parse(text).name, tag, None)


@given(ANY_TEXT | LIKE_REFERENCES)
def test_any_text_is_a_reference_or_a_refusal(text):
    try:
        reference = ImageReference.parse(text)
    except InvalidImageReference:
        return

    assert str(reference) == text
    assert ImageReference.parse(reference.canonical()).name == reference.name


@pytest.mark.parametrize("piece", ["a", "a/", "a.", "a-", "-", ":", "@", "[", "a:", "\ud800", "\n"])
def test_a_very_long_text_is_refused_at_once(piece):
    with pytest.raises(InvalidImageReference):
        ImageReference.parse(piece * 1_000_000)
