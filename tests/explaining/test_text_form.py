"""What was found out is shown in eighty columns, calmly, the decision first."""

from datetime import UTC, datetime, timedelta
from textwrap import dedent

from bot.explaining.listing import Listing
from bot.explaining.policy_files import FoundPolicy
from bot.explaining.text_form import listing_as_text
from bot.explaining.verdicts import Verdict
from bot.images import ImageReference, Platform, Tag
from bot.policies import load
from bot.selection import Decision, Explained, Reason, UpdateKind

NOW = datetime(2026, 1, 4, 12, tzinfo=UTC)
POLICY = load("version: 1\nimages:\n  - image: ghcr.io/acme/api\n    range: ^1.4.0\n").images[0]
SELECTED = Tag("1.5.0", platforms=frozenset({Platform("linux", "arm64"), Platform("linux", "amd64")}))
BEST = Decision(
    SELECTED,
    Reason.NEWER,
    "1.5.0 is the newest acceptable tag in the range ^1.4.0; 1.4.0 stands in the file.",
    update=UpdateKind.MINOR,
    reconsider_at=NOW + timedelta(hours=3),
)


def outside(name: str) -> tuple[Tag, Explained]:
    return Tag(name), Explained(Reason.OUT_OF_RANGE, f"{name} is not in the range ^1.4.0")


def listing(*rejected: tuple[Tag, Explained], decision: Decision = BEST, **more: tuple[str, ...]) -> Listing:
    found = FoundPolicy(".niro/policies.yml", POLICY)
    image = ImageReference.parse("ghcr.io/acme/api")
    return Listing(image, found, NOW, len(rejected) + 1, Verdict("1.4.0", decision, rejected), **more)


def test_the_decision_comes_first_and_the_others_by_reason() -> None:
    lacking = Explained(Reason.PLATFORM_MISSING, "1.6.0 lacks linux/arm64")
    found = listing(outside("2.0.0"), (Tag("1.6.0"), lacking), outside("1.3.0"))
    assert listing_as_text(found, width=80) == dedent("""\
        ghcr.io/acme/api
          policy    api (.niro/policies.yml:3)
          rule      semver, range ^1.4.0
          tags      4
          current   1.4.0
          selected  1.5.0 (minor update)
          runs on   linux/amd64, linux/arm64
          why       1.5.0 is the newest acceptable tag in the range ^1.4.0; 1.4.0 stands
                    in the file.
          again at  2026-01-04 15:00 UTC this may change by itself

        Not selected: 3 tags

          is not in the range ^1.4.0
            2.0.0  1.3.0
          lacks linux/arm64
            1.6.0
        """)


def test_of_many_tags_with_one_reason_twenty_are_shown() -> None:
    shown = listing_as_text(listing(*(outside(f"2.0.{patch}") for patch in range(50))), width=80)
    assert shown.endswith("2.0.18  2.0.19\n    and 30 more\n")


def test_of_many_reasons_twenty_are_shown_and_the_rest_counted() -> None:
    young = [
        (Tag(f"2.0.{patch}"), Explained(Reason.TOO_YOUNG, f"2.0.{patch} is {patch} hours old")) for patch in range(25)
    ]
    shown = listing_as_text(listing(*young, outside("3.0.0")), width=80)
    assert "  is 19 hours old\n    2.0.19\n" in shown
    assert shown.endswith("  and 6 more: 5 too young, 1 out of range\n")


def test_all_of_them_stand_beside_their_reasons() -> None:
    shown = listing_as_text(listing(*(outside(f"2.0.{patch}") for patch in range(50))), width=80, every=True)
    assert shown.endswith("  2.0.48  is not in the range ^1.4.0\n  2.0.49  is not in the range ^1.4.0\n")


def test_a_sentence_that_stands_alone_is_kept_whole() -> None:
    shown = listing_as_text(listing((Tag("2.0.0"), Explained(Reason.HELD, "A person holds it."))), width=80)
    assert shown.endswith("\n  A person holds it.\n    2.0.0\n")


def test_no_line_is_longer_than_the_terminal() -> None:
    many = [outside(f"2.0.{patch}-{'x' * 30}") for patch in range(30)]
    note = "word " * 50
    shown = listing_as_text(listing(*many, notes=(note,), problems=(note,)), width=80)
    assert max(map(len, shown.splitlines())) <= 80


def test_nothing_selected_and_nothing_turned_down_is_said() -> None:
    shown = listing_as_text(listing(decision=Decision(None, Reason.NO_TAGS, "The registry lists no tags.")), width=80)
    assert "  selected  nothing\n  why       The registry lists no tags.\n\nNo other tag was turned down.\n" in shown
