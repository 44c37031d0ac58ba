"""Filters: which tags are looked at, and which text of them is compared."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection import InvalidPattern, TagFilter

MAIN = r"^main-[0-9a-f]+-(?P<ts>\d+)$"
BUILT = "main-abcdef0-1700000000"
NUMBERS = r"v(\d+)\.(\d+)(?:\.(\d+))?"
WORDS = r"(?P<a>\w+)-(?P<b>\w*)"

# pattern, template, tag, and what Go's Regexp.FindStringSubmatchIndex and Regexp.ExpandString make of them
AS_GO_DOES = [
    (MAIN, "$ts", BUILT, "1700000000"),
    (MAIN, "${ts}", BUILT, "1700000000"),
    (MAIN, "$1", BUILT, "1700000000"),
    (MAIN, "${1}", BUILT, "1700000000"),
    (MAIN, "$0", BUILT, "main-abcdef0-1700000000"),
    (MAIN, "", BUILT, "main-abcdef0-1700000000"),
    (MAIN, "build-$ts", BUILT, "build-1700000000"),
    (MAIN, "$tsx", BUILT, ""),
    (MAIN, "${ts}x", BUILT, "1700000000x"),
    (MAIN, "$ts.$ts", BUILT, "1700000000.1700000000"),
    (MAIN, "$ts-$1", BUILT, "1700000000-1700000000"),
    (MAIN, "$ts", "main-x-1", None),
    (MAIN, "", "latest", None),
    (NUMBERS, "$1.$2", "v1.2.3", "1.2"),
    (NUMBERS, "$2_$1", "v1.2.3", "1"),
    (NUMBERS, "${2}_$1", "v1.2.3", "2_1"),
    (NUMBERS, "$1x", "v1.2.3", ""),
    (NUMBERS, "${1}x", "v1.2.3", "1x"),
    (NUMBERS, "${1x}", "v1.2.3", ""),
    (NUMBERS, "$3", "v1.2", ""),
    (NUMBERS, "[$3]", "v1.2", "[]"),
    (NUMBERS, "$4", "v1.2.3", ""),
    (NUMBERS, "$99999", "v1.2.3", ""),
    (NUMBERS, "$100000000", "v1.2.3", ""),
    (NUMBERS, "$99999999999999999999", "v1.2.3", ""),
    (NUMBERS, "$01", "v1.2.3", ""),
    (NUMBERS, "$001", "v1.2.3", ""),
    (NUMBERS, "$00", "v1.2.3", ""),
    (NUMBERS, "$0", "release-v1.2.3-final", "v1.2.3"),
    (NUMBERS, "$1.$2.$3", "xx v10.20.30 v1.2.3", "10.20.30"),
    (NUMBERS, "$$", "v1.2.3", "$"),
    (NUMBERS, "$$1", "v1.2.3", "$1"),
    (NUMBERS, "$$$1", "v1.2.3", "$1"),
    (NUMBERS, "$$$$", "v1.2.3", "$$"),
    (NUMBERS, "$$$", "v1.2.3", "$$"),
    (NUMBERS, "a$", "v1.2.3", "a$"),
    (NUMBERS, "$", "v1.2.3", "$"),
    (NUMBERS, "$ 1", "v1.2.3", "$ 1"),
    (NUMBERS, "$-1", "v1.2.3", "$-1"),
    (NUMBERS, "$.1", "v1.2.3", "$.1"),
    (NUMBERS, "${}", "v1.2.3", "${}"),
    (NUMBERS, "${1", "v1.2.3", "${1"),
    (NUMBERS, "${bad", "v1.2.3", "${bad"),
    (NUMBERS, "${ 1}", "v1.2.3", "${ 1}"),
    (NUMBERS, "${1 }", "v1.2.3", "${1 }"),
    (NUMBERS, "${1-2}", "v1.2.3", "${1-2}"),
    (NUMBERS, "${$1}", "v1.2.3", "${1}"),
    (NUMBERS, "{$1}", "v1.2.3", "{1}"),
    (NUMBERS, "$1}", "v1.2.3", "1}"),
    (NUMBERS, "${1}}", "v1.2.3", "1}"),
    (NUMBERS, r"\1", "v1.2.3", r"\1"),
    (NUMBERS, "$1\\", "v1.2.3", "1\\"),
    (NUMBERS, "constant", "v1.2.3", "constant"),
    (NUMBERS, "$1é", "v1.2.3", ""),
    (NUMBERS, "$1.é", "v1.2.3", "1.é"),
    (NUMBERS, "${1}é", "v1.2.3", "1é"),
    (NUMBERS, "$1²", "v1.2.3", "1²"),
    (NUMBERS, "$1Ⅷ", "v1.2.3", "1Ⅷ"),
    (NUMBERS, "$1٣", "v1.2.3", ""),
    (NUMBERS, "$1\u0301", "v1.2.3", "1\u0301"),
    (NUMBERS, "$٣", "v1.2.3", ""),
    (NUMBERS, "$²", "v1.2.3", "$²"),
    (WORDS, "$a", "one-two", "one"),
    (WORDS, "$b", "one-", ""),
    (WORDS, "$A", "one-two", ""),
    (WORDS, "$a_$b", "one-two", "two"),
    (WORDS, "${a}_$b", "one-two", "one_two"),
    (WORDS, "$a$b", "one-two", "onetwo"),
    (WORDS, "$a-$b", "one-two", "one-two"),
    (WORDS, "$ab", "one-two", ""),
    (WORDS, "$unknown", "one-two", ""),
    ("(?P<x>a)|(?P<y>b)", "$x$y", "b", "b"),
    ("(?P<x>a)|(?P<y>b)", "<$x>", "b", "<>"),
    (r"(?P<1x>\d)", "$1x", "7", "7"),
    (r"(?P<1x>\d)", "$1 x", "7", "7 x"),
    (r"(?P<01>\d)", "$01", "7", "7"),
    (r"(?P<2>\d)", "$2", "7", ""),
    (r"(?P<100000000>\d)", "$100000000", "7", ""),
    (r"(?P<1000000000>\d)", "$1000000000", "7", "7"),
    ("(?P<_>.)", "$_", "q", "q"),
    ("(?<new>.)", "$new", "q", "q"),
    ("(a*)(b*)", "<$1|$2>", "ccc", "<|>"),
    ("", "$0x", "abc", ""),
    ("", "${0}x", "abc", "x"),
    ("((a)(b)?)+", "$1 $2 $3", "aba", "a a b"),
    (r"(?U)(\d+)", "$1", "123", "1"),
    (r"(?i)RC(\d)", "$1", "rc7", "7"),
    (r"(\pL+)-(.)", "$2$1", "日本-é", "é日本"),
    (r"(\w+)", "$1", "ébc", "bc"),
    ("(.)$", "$1", "é", "é"),
    (r"\d+$", "$0", "1.2.30", "30"),
    (r"^\d+", "$0", "v1", None),
    ("(?P<n1>1)(2)(3)(4)(5)(6)(7)(8)(9)(0)(x)", "$11$1", "1234567890x", "x1"),
    ("(?P<n1>1)(2)(3)(4)(5)(6)(7)(8)(9)(0)(x)", "$110", "1234567890x", ""),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "template", "tag", "value"), AS_GO_DOES)
def test_a_template_is_expanded_as_go_does(pattern, template, tag, value):
    assert TagFilter(pattern, template).value(tag) == value


def test_a_pattern_is_searched_anywhere_in_a_tag():
    assert TagFilter("main").value("the-main-1") == "the-main-1"
    assert TagFilter("^main").value("the-main-1") is None


def test_a_value_may_be_empty():
    assert TagFilter("a", "$1").value("a") == ""


@pytest.mark.parametrize(("pattern", "template"), [("(", ""), ("(?=a)", "$1"), ("a", "$1" * 129), ("a", "x" * 257)])
def test_what_is_no_pattern_or_too_long_a_template_is_refused(pattern, template, capfd):
    with pytest.raises(InvalidPattern):
        TagFilter(pattern, template)

    assert capfd.readouterr().err == ""


def test_a_value_that_grows_beyond_all_tags_is_none():
    assert TagFilter(".*", "$0$0").value("a" * 512) == "a" * 1024
    assert TagFilter(".*", "$0$0").value("a" * 513) is None
    assert TagFilter(".*").value("a" * 1024) == "a" * 1024
    assert TagFilter(".*").value("a" * 1025) is None


def test_a_tag_that_no_registry_could_hold_has_no_value():
    assert TagFilter(".*", "$1").value("a" * 1024) == ""
    assert TagFilter(".*", "$1").value("a" * 1025) is None


def test_a_filter_is_a_value_that_can_be_sent_to_another_process():
    one = TagFilter("v(.*)", "$1")
    one.value("v1")

    assert pickle.loads(pickle.dumps(one)) == one
    assert hash(one) == hash(TagFilter("v(.*)", "$1"))


@given(
    st.sampled_from(["", "(.)", NUMBERS, WORDS, r"(é)|(\n)", "(?P<é>.)"]) | st.text(max_size=20),
    st.text(alphabet="${}1a_é\ud800 ", max_size=20) | st.text(max_size=20),
    st.text(max_size=30) | st.text(st.characters(categories=["Cs", "Ll", "Nd"]), max_size=5),
)
def test_any_pattern_template_and_text_give_a_value_or_a_refusal(pattern, template, text):
    try:
        value = TagFilter(pattern, template).value(text)
    except InvalidPattern:
        return

    assert value is None or isinstance(value, str)


@given(st.text(alphabet="abc${}1_", max_size=12).filter(lambda text: "$" not in text), st.text(max_size=12))
def test_a_template_without_a_dollar_stands_for_itself(template, text):
    assert TagFilter("", template).value(text) == (template or text)
