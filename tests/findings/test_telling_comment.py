"""Comments are few, calm, and known again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings.finding import KIND
from bot.findings.telling_comment import chosen, comment, fingerprints_in, review_body, rewritten
from bot.policies.rules import Severity
from tests.bumps.page import REFERENCE, Page
from tests.findings.told import FIX, HOSTILE, a_finding, a_report, numbered

PAGE = "https://docs.example/rules.md"
KNOWN = "0123456789abcdef0123456789abcdef"


@dataclass
class Offered:
    """What is offered for the lines of a comment."""

    text: str


def lines_of(report, said=(), **options):
    return [[each.line for each in group] for group in chosen(report, said, **options).comments]


def test_new_findings_become_comments_in_the_order_of_the_report():
    assert lines_of(a_report(numbered(3), numbered(1), numbered(2))) == [[4], [2], [3]]


def test_what_is_less_severe_than_comments_are_asked_for_becomes_none():
    mild, severe = numbered(1, severity=Severity.LOW), numbered(2, severity=Severity.MEDIUM)
    assert lines_of(a_report(severe, mild, comment_on=Severity.MEDIUM)) == [[3]]
    assert chosen(a_report(severe, mild, comment_on=Severity.HIGH), ()) == ((), 0)


def test_what_was_said_is_not_said_again():
    first, second = numbered(1), numbered(2)
    assert lines_of(a_report(first, second), {first.fingerprint}) == [[3]]


def test_findings_on_the_same_lines_share_a_comment():
    first, second = a_finding("run-as-root"), a_finding("writable-root-filesystem")
    assert chosen(a_report(first, second, a_finding(line=13)), ()).comments[0] == (first, second)


@pytest.mark.parametrize("other", [{"line": 13}, {"end_line": 14}, {"path": "other.yaml"}, {"fix": FIX}])
def test_findings_on_other_lines_or_with_a_fix_have_a_comment_of_their_own(other):
    findings = (a_finding("run-as-root"), a_finding("missing-resource-requests", **other))
    assert chosen(a_report(*findings), ()).comments == tuple((each,) for each in findings)


def test_two_fixes_on_the_same_line_are_two_comments():
    findings = tuple(numbered(each, fix=FIX) for each in range(2))
    assert len(chosen(a_report(*findings), ()).comments) == 2


def test_there_are_at_most_ten_comments_and_the_rest_is_counted():
    picked = chosen(a_report(*map(numbered, range(25))), ())
    assert (len(picked.comments), picked.left_out) == (10, 15)


def test_one_comment_holds_at_most_twenty_findings_and_the_rest_is_counted():
    findings = [a_finding(name=f"app-{each}") for each in range(25)]
    picked = chosen(a_report(*findings), ())
    assert ([len(each) for each in picked.comments], picked.left_out) == ([20], 5)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (0, ""),
        (1, "One more finding stands in the check *niro / policies*."),
        (1_234, "1,234 more findings stand in the check *niro / policies*."),
    ],
)
def test_a_review_says_only_what_its_comments_do_not(left_out, said):
    assert review_body(left_out) == said


def test_a_comment_says_what_is_wrong_and_what_to_do():
    finding = a_finding(fingerprint=KNOWN, mend="Name a version.")
    assert comment([finding], page_url=PAGE) == (
        f"<!-- niro finding {KNOWN} -->\n"
        f"[`latest-image-tag`]({PAGE}#latest-image-tag) (high): The image `nginx` has no tag. Name a version."
    )


def test_a_comment_about_a_file_names_the_line():
    body = comment([a_finding(line=1_234)], is_about_file=True)
    assert body.endswith("The image `nginx` has no tag. (Line 1,234.)")


def test_a_comment_offers_what_mends_the_finding():
    body = comment([a_finding()], Offered("image: nginx:1.25"))
    assert body.endswith("\n\n```suggestion\nimage: nginx:1.25\n```")


def test_a_comment_about_several_findings_lists_them():
    findings = [a_finding(fingerprint=each * 32) for each in "ab"]
    body = comment(findings)
    assert body.count("\n- `latest-image-tag` (high): ") == 2
    assert fingerprints_in(body) == ("a" * 32, "b" * 32)


@given(st.text(alphabet=st.sampled_from("`a \n~"), max_size=60))
def test_a_suggestion_is_one_block_whatever_stands_in_it(text):
    blocks = [each for each in Page(comment([a_finding()], Offered(text))).tokens if each.type == "fence"]
    assert [(each.info, each.content.rstrip("\n")) for each in blocks] == [("suggestion", text.rstrip("\n"))]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"<!-- niro finding {KNOWN} -->\nwords", (KNOWN,)),
        (f"<!-- niro finding {KNOWN} -->\r\nwords", (KNOWN,)),
        (f"<!-- niro finding {KNOWN} -->\n<!-- niro finding {'b' * 32} -->\nwords", (KNOWN, "b" * 32)),
        (f"words <!-- niro finding {KNOWN} -->", ()),
        (f"<!-- niro finding {KNOWN} -->\nwords\n<!-- niro finding {'b' * 32} -->", (KNOWN,)),
        ("<!-- niro finding XYZ -->", ()),
        ("<!-- niro: state -->", ()),
        ("", ()),
    ],
)
def test_a_comment_tells_which_findings_it_is_about(body, expected):
    assert fingerprints_in(body) == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_what_strangers_wrote_is_nothing_but_text_in_a_comment(text):
    finding = a_finding(fingerprint=KNOWN, message=f"The image `{text}` has no tag.", mend=f"Mend {text}.")
    body = comment([finding, finding], page_url=PAGE)
    page = Page(body)
    assert page.html == [f"<!-- niro finding {KNOWN} -->"] * 2
    assert page.links == [f"{PAGE}#latest-image-tag"] * 2
    assert not REFERENCE.search(page.words)
    assert fingerprints_in(body) == (KNOWN, KNOWN)


def test_the_longest_comment_fits_into_what_github_takes():
    findings = [a_finding(message="*" * 5_000, mend="_" * 5_000)] * 20
    assert len(comment(findings, Offered("\n".join(["x" * 500] * 30)), PAGE)) <= 65_536


@given(st.lists(st.builds(numbered, st.integers(0, 40), fix=st.sampled_from([None, FIX])), max_size=60))
def test_every_finding_is_in_one_comment_or_counted(findings):
    report = a_report(*{each.fingerprint: each for each in findings}.values())
    picked = chosen(report, ())
    told = [each.fingerprint for group in picked.comments for each in group]
    assert len(told) == len(set(told))
    assert len(told) + picked.left_out == len(report.new)


FIRST, SECOND = a_finding("run-as-root", fingerprint="a" * 32), a_finding("single-replica", fingerprint="b" * 32)
BOTH = comment((FIRST, SECOND), page_url=PAGE)


@pytest.mark.parametrize(
    ("body", "new", "anew"),
    [
        (BOTH, (FIRST, SECOND), None),
        (BOTH, (), None),
        (BOTH, (SECOND,), comment((SECOND,), page_url=PAGE, mended=[FIRST.fingerprint])),
        (comment((SECOND,), mended=[FIRST.fingerprint]), (SECOND,), None),
        (comment((SECOND,), mended=[FIRST.fingerprint]), (FIRST, SECOND), comment((SECOND, FIRST), page_url=PAGE)),
        (comment((SECOND,), mended=[FIRST.fingerprint]), (), None),
        (comment((FIRST,)), (SECOND,), None),
        ("a person's words", (FIRST,), None),
    ],
    ids=["all stand", "none stands", "one is mended", "told before", "one is back", "all mended", "alone", "no mark"],
)
def test_a_comment_is_written_anew_when_some_of_its_findings_are_mended(body, new, anew):
    assert rewritten(body, a_report(*new), PAGE) == anew


def test_a_comment_that_is_written_anew_is_still_about_all_its_findings():
    anew = rewritten(BOTH, a_report(SECOND), PAGE)
    assert set(fingerprints_in(anew)) == {FIRST.fingerprint, SECOND.fingerprint}
    assert "run-as-root" not in anew
    assert "single-replica" in anew


def test_a_comment_stays_where_only_the_like_of_its_finding_is_left():
    like = replace(SECOND, fingerprint=SECOND.fingerprint[:KIND] + "f" * (32 - KIND))
    assert rewritten(BOTH, a_report(like), PAGE) is None
