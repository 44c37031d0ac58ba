"""Nothing that the bot says anywhere holds a secret: no log, answer, check, command's output, or database."""

import pytest
import pytest_asyncio

from tests.flows.telling_run import PASSWORD, played
from tests.flows.what_was_said import ACCOUNT, Run, forms

PLACES = (
    "the log",
    "standard output",
    "the doors",
    "the status page and metrics",
    "requests to GitHub",
    "check runs",
    "pull requests",
    "the command line",
    "the database",
)

WENT_WRONG = {
    "the log": ("refused the credential", "SecretLocked", "JSONDecodeError", "certificate is not trusted"),
    "the command line": ("Nothing was saved", "The old secret stays", "as its token server", "second"),
    "the doors": ("not signed", "no such hook", "not stored"),
    "check runs": ("cannot be read",),
}
"""What has to be found among what was said, or the run did not show what it is for."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run in which a credential is stored, used, refused, rotated and lost."""
    return await played(tmp_path_factory.mktemp("run"))


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_comes_out(run: Run, place: str) -> None:
    assert run.found(place) == []


@pytest.mark.parametrize("place", WENT_WRONG)
def test_much_went_wrong_on_the_way(run: Run, place: str) -> None:
    said = run.said[place].decode(errors="replace")
    assert [words for words in WENT_WRONG[place] if words not in said] == []


def test_the_image_was_bumped_with_both_secrets_all_the_same(run: Run) -> None:
    assert [title.rpartition(" ")[2] for title in run.pulls] == ["1.6.0"]
    assert len([name for name in run.secrets if name.startswith("token ")]) > 3


@pytest.mark.parametrize("place", ["the command line", "the database"])
def test_what_is_no_secret_is_found_where_it_belongs(run: Run, place: str) -> None:
    assert ACCOUNT.encode() in run.said[place]


@pytest.mark.parametrize("form", sorted(forms(PASSWORD)))
def test_a_secret_would_be_found_however_it_is_written(form: bytes) -> None:
    run = Run(secrets={"the password": PASSWORD})
    run.say("the log", b"before " + form + b" after")
    assert run.found("the log") == ["the password"]


def test_nothing_was_said_anywhere_else(run: Run) -> None:
    assert set(run.said) == set(PLACES)
