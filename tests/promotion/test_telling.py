"""The words about promotions: what the check and the pull request say, and what they never say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.images import ImageReference
from bot.policies.promotions import Promotion
from bot.promotion import Refused
from bot.promotion.telling import RunFacts, Stage, check_text, verdict_lines
from bot.promotion.telling_proposal import proposal_text
from bot.promotion.verdicts import Judged, Outcome, Verdict

DIGEST = f"sha256:{'a' * 64}"
HOSTILE = "`|@everyone\n# \u202e<img src=x> [a](http://evil.example) #1 -->"
PROMOTION = Promotion(
    "dev-to-qa",
    ImageReference.parse("registry.example/dev/website"),
    ImageReference.parse("registry.example/qa/website"),
    1,
)


def facts(stage: Stage = Stage.DONE, **changed: object) -> RunFacts:
    begun = RunFacts(
        7,
        "dev-to-qa",
        "registry.example/dev/website",
        "1.2-stable",
        DIGEST,
        "registry.example/qa/website",
        "1.2-stable-20261122",
        stage,
    )
    return replace(begun, **changed)  # type: ignore[arg-type]


def verdict(*judged: Judged, outcome: Outcome = Outcome.TRUE) -> Verdict:
    return Verdict(outcome, judged, "All hold.")


TAG = Judged("tag: ends with -stable", Outcome.TRUE, "1.2-stable")
CRITICAL = Judged(
    "vulnerabilities: critical at most 0",
    Outcome.FALSE,
    "2 critical: CVE-2026-1, CVE-2026-2 in linux/arm64",
    ("Harbor's scanner Trivy",),
)


@pytest.mark.parametrize(
    ("stage", "title"),
    [
        (Stage.DONE, "dev-to-qa: 1.2-stable is promoted as 1.2-stable-20261122"),
        (Stage.DENIED, "dev-to-qa: 1.2-stable is not promoted"),
        (Stage.WAITING, "dev-to-qa: 1.2-stable waits for what is not known yet"),
        (Stage.PROPOSED, "dev-to-qa: 1.2-stable is proposed in a pull request"),
        (Stage.BLOCKED, "dev-to-qa: 1.2-stable cannot be promoted now"),
    ],
)
def test_the_title_says_what_became_of_the_image(stage: Stage, title: str) -> None:
    assert check_text([(facts(stage), verdict(TAG))]).title == title


def test_the_summary_names_source_target_and_reason() -> None:
    summary = check_text([(facts(Stage.BLOCKED, reason="No credential may push."), None)]).summary
    for said in ("`registry.example/dev/website`", "`registry.example/qa/website`", f"`{DIGEST}`", "No credential"):
        assert said in summary


def test_every_criterion_is_listed_with_what_was_seen_and_where() -> None:
    assert verdict_lines(verdict(TAG, CRITICAL)) == [
        "- `tag: ends with -stable` holds: 1.2-stable",
        f"- `vulnerabilities: critical at most 0` does not hold: {CRITICAL.seen} (from Harbor's scanner Trivy)",
    ]


def test_criteria_in_groups_stand_below_their_group() -> None:
    group = Judged("any", Outcome.UNKNOWN, inner=(TAG, Judged("license: one of MIT", Outcome.UNKNOWN)))
    assert verdict_lines(verdict(group)) == [
        "- `any` is not known yet",
        "  - `tag: ends with -stable` holds: 1.2-stable",
        "  - `license: one of MIT` is not known yet",
    ]


def test_what_is_pending_and_what_counted_for_nothing_is_told() -> None:
    seen = replace(verdict(), pending=("Harbor is scanning.",), refused=(Refused("the report", "It is old."),))
    assert verdict_lines(seen) == ["- pending: Harbor is scanning.", "- counted for nothing: the report: It is old."]


def test_a_long_verdict_is_cut_and_says_so() -> None:
    lines = verdict_lines(verdict(*[CRITICAL] * 300))
    assert lines[-1] == f"- and {300 - len(lines) + 1:,} more"
    assert len("\n".join(lines)) <= 20_100


def test_many_sources_of_one_criterion_are_counted() -> None:
    (line,) = verdict_lines(verdict(Judged("c", Outcome.TRUE, "s", tuple(f"place {n}" for n in range(9)))))
    assert line.endswith("(from place 0; place 1; place 2; place 3; place 4; 4 more)")


def test_several_images_of_a_commit_are_told_together() -> None:
    told = check_text([(facts(), None), (facts(promotion="qa-to-live"), None)])
    assert told.title == "dev-to-qa: 1.2-stable is promoted as 1.2-stable-20261122, and 1 more"
    assert "`qa-to-live`" in told.summary


def test_nothing_that_not_everybody_may_know_is_told_to_everybody() -> None:
    told = check_text([(facts(reason="CVE-2026-1"), verdict(TAG, CRITICAL))], confidential=True)
    for secret in ("1.2-stable", DIGEST, "CVE-2026", "20261122", "Trivy", "critical"):
        assert secret not in f"{told.title} {told.summary}"
    assert "`niro promotions show 7`" in told.summary


def _hostile(*, confidential: bool) -> tuple[list[str], list[str]]:
    """Give the plain lines and the Markdown of what is said about a hostile image."""
    judged = Judged(HOSTILE, Outcome.FALSE, HOSTILE, (HOSTILE,), (Judged(HOSTILE, Outcome.TRUE),))
    seen = Verdict(Outcome.FALSE, (judged,), HOSTILE, (Refused(HOSTILE, HOSTILE),), (HOSTILE,))
    texts = dict.fromkeys(("promotion", "source", "tag", "target", "target_tag", "reason"), HOSTILE)
    run = facts(Stage.DENIED, **texts)
    check = check_text([(run, seen)], confidential=confidential)
    proposal = proposal_text(PROMOTION, [(run, seen)], confidential=confidential)
    body = proposal.body.rpartition("\n\n<!-- niro promotion ")[0]
    return [check.title, proposal.title, proposal.message], [check.summary, body]


@pytest.mark.parametrize("confidential", [True, False])
def test_hostile_text_mentions_nobody_and_hides_nothing_in_a_title(confidential: bool) -> None:
    for said in _hostile(confidential=confidential)[0]:
        assert not any(forbidden in said for forbidden in ("\u202e", "\n", "@everyone", "#1", "://")), said


@pytest.mark.parametrize("confidential", [True, False])
def test_hostile_text_is_no_markdown(confidential: bool) -> None:
    for said in _hostile(confidential=confidential)[1]:
        outside_code = "".join(re.split("`` .*? ``", said))
        assert not any(each in outside_code for each in ("@everyone", " <img", " [a](", "#1", "://")), outside_code
        assert "\u202e" not in said


def test_titles_and_summaries_stay_within_what_github_takes() -> None:
    long = facts(tag="t" * 500, promotion="p" * 500, reason="r" * 5_000)
    told = check_text([(long, verdict(*[CRITICAL] * 300))] * 5)
    assert len(told.title) <= 255
    assert 0 < len(told.summary) <= 60_000


def test_a_proposal_names_each_image_and_where_it_goes() -> None:
    other = facts(tag="1.3-stable", target_tag="1.3-stable-20261123")
    text = proposal_text(PROMOTION, [(facts(), verdict(TAG)), (other, None)])
    assert text.title == "Promote website 1.2-stable to 1.2-stable-20261122 and 1 more"
    assert "| `1.2-stable` | `sha256:aaaaaaaaaaaa` | `1.2-stable-20261122` |" in text.body
    assert "| `1.3-stable` | `sha256:aaaaaaaaaaaa` | `1.3-stable-20261123` |" in text.body
    assert "`.niro/promoted/dev-to-qa.yml`" in text.body
    assert "- `tag: ends with -stable` holds" in text.body


def test_a_proposal_that_everybody_reads_says_only_what_the_map_shows() -> None:
    text = proposal_text(PROMOTION, [(facts(), verdict(CRITICAL))], confidential=True)
    assert "CVE-2026" not in text.body
    assert "`1.2-stable-20261122`" in text.body


def test_a_large_proposal_stays_within_what_github_takes() -> None:
    told = [(facts(tag=f"{number:0100}"), verdict(*[CRITICAL] * 300)) for number in range(120)]
    assert len(proposal_text(PROMOTION, told).body) <= 65_000


def test_the_same_proposal_is_described_the_same_and_another_one_otherwise() -> None:
    one, same = (proposal_text(PROMOTION, [(facts(), verdict(TAG))]) for _ in range(2))
    other = proposal_text(PROMOTION, [(facts(tag="2-stable"), verdict(TAG))])
    assert one == same
    assert one.body.rpartition("\n")[2] != other.body.rpartition("\n")[2]
