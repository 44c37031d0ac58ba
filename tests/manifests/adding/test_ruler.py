"""Characters and bytes of a text are told apart wherever they stand in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.manifests.adding.ruler import ruler_of
from bot.manifests.source import Stretch


@given(text=st.text(max_size=50), times=st.integers(1, 400), data=st.data())
def test_a_character_stands_behind_the_bytes_of_those_before_it(text, times, data):
    text = text.replace("\ufeff", "").encode(errors="replace").decode() * times
    character = data.draw(st.integers(0, len(text)))
    ruler = ruler_of(Stretch(text.encode(), 3, 0))
    assert ruler.byte(character) == 3 + len(text[:character].encode())
