"""Platforms: how they are read, written and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import InvalidPlatform, Platform


@pytest.mark.parametrize("text", ["linux/amd64", "linux/arm64/v8", "windows/amd64", "linux/arm/v7", "unknown/unknown"])
def test_a_platform_is_written_as_it_was_read(text):
    assert str(Platform.parse(text)) == text


def test_the_parts_of_a_platform_have_names():
    platform = Platform.parse("linux/arm/v7")

    assert (platform.os, platform.architecture, platform.variant) == ("linux", "arm", "v7")


@pytest.mark.parametrize(
    "text", ["", "linux", "linux/", "/amd64", "a/b/c/d", "linux/amd64/", "linux / amd64", "linux/é"]
)
def test_what_is_no_platform_is_refused(text):
    with pytest.raises(InvalidPlatform, match="os/architecture") as caught:
        Platform.parse(text)

    assert caught.value.text == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64", "linux/aarch64"),
        ("linux/amd64", "linux/x86_64"),
        ("linux/amd64", "Linux/AMD64/v1"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/v6", "linux/armel"),
        ("linux/arm/v7", "linux/arm/7"),
        ("linux/386", "linux/i386"),
        ("darwin/arm64", "macos/arm64"),
    ],
)
def test_spellings_of_one_platform_normalise_to_one(one, other):
    assert Platform.parse(one).normalised() == Platform.parse(other).normalised()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("linux/arm64", "linux/arm"),
        ("linux/arm/v6", "linux/arm/v7"),
        ("linux/amd64", "windows/amd64"),
        ("linux/amd64", "linux/amd64/v3"),
    ],
)
def test_different_platforms_stay_different(one, other):
    assert Platform.parse(one).normalised() != Platform.parse(other).normalised()


@given(st.text(st.characters(exclude_categories=())) | st.text("linux/armd64v78", max_size=20))
def test_any_text_is_a_platform_or_a_refusal(text):
    try:
        platform = Platform.parse(text)
    except InvalidPlatform:
        return

    assert str(platform) == text
    assert platform.normalised().normalised() == platform.normalised()
