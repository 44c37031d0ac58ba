"""What a line means: the command, its policies, its argument; or the sentence that says why it cannot be obeyed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import BY_NAME, TABLE, About, Command, CommandName, Mistake, Place, Takes, Versions, read

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
GROUPS = {"api": "api", "web": "backend", "worker": "backend", "apps:db": "apps:db"}
ON_API = Place(GROUPS, group="api", here=("api",))
ON_BACKEND = Place(GROUPS, group="backend", here=("web", "worker"))
DASHBOARD = Place(GROUPS)
DIGEST = "sha256:" + "a" * 64
HEAD = "0123456789abcdef0123456789abcdef01234567"


def understood(line: str, place: Place = ON_API) -> Command:
    command = read(line, place, NOW)
    assert isinstance(command, Command), command
    return command


def mistaken(line: str, place: Place = ON_API) -> str:
    mistake = read(line, place, NOW)
    assert isinstance(mistake, Mistake), mistake
    assert mistake.line == line
    return mistake.sentence


def meaning(line: str, place: Place = ON_API) -> tuple:
    command = understood(line, place)
    return command.row.name.value, command.policies, command.argument


@pytest.mark.parametrize(
    ("line", "policies", "argument"),
    [
        ("/niro hold", ("api",), None),
        ("/niro hold api", ("api",), None),
        ("/niro hold web", ("web",), None),
        ("/niro hold apps:db", ("apps:db",), None),
        ("/niro \t hold \t api", ("api",), None),
        ("/niro hold `api`", ("api",), None),
        ("/niro resume", ("api",), None),
        ("/niro unpin web", ("web",), None),
        ("/niro pin 1.5.0", ("api",), Versions(tag="1.5.0")),
        ("/niro pin `1.5.0`", ("api",), Versions(tag="1.5.0")),
        ("/niro pin web 1.5.0", ("web",), Versions(tag="1.5.0")),
        ("/niro pin main-0a1b2c3-1700000000", ("api",), Versions(tag="main-0a1b2c3-1700000000")),
        (f"/niro pin {DIGEST}", ("api",), Versions(digest=DIGEST)),
        (f"/niro pin latest@{DIGEST}", ("api",), Versions("latest", DIGEST)),
        ("/niro ignore", ("api",), None),
        ("/niro ignore 1.5.0", ("api",), Versions(tag="1.5.0")),
        ("/niro ignore v1.5.0-alpine3.19", ("api",), Versions(tag="v1.5.0-alpine3.19")),
        ("/niro ignore latest", ("api",), Versions(tag="latest")),
        ("/niro ignore 1.2.3.4", ("api",), Versions(tag="1.2.3.4")),
        ("/niro ignore 20240115-abc", ("api",), Versions(tag="20240115-abc")),
        (f"/niro ignore {DIGEST}", ("api",), Versions(digest=DIGEST)),
        ("/niro ignore 1.5", ("api",), Versions(range="1.5")),
        ("/niro ignore 2", ("api",), Versions(range="2")),
        ("/niro ignore 2.x", ("api",), Versions(range="2.x")),
        ("/niro ignore 2.x-0", ("api",), Versions(range="2.x-0")),
        ("/niro ignore *", ("api",), Versions(range="*")),
        ("/niro ignore >=2 <3", ("api",), Versions(range=">=2 <3")),
        ("/niro ignore web >=2  ||  1.4.0", ("web",), Versions(range=">=2 || 1.4.0")),
        ("/niro unignore", ("api",), None),
        ("/niro unignore web 2.x", ("web",), Versions(range="2.x")),
        ("/niro rollback", ("api",), None),
        ("/niro rollback web", ("web",), None),
        ("/niro rollback 1.4.2", ("api",), Versions(tag="1.4.2")),
        ("/niro snooze 3d", ("api",), datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("/niro snooze web 2026-12-01", ("web",), datetime(2026, 12, 1, tzinfo=UTC)),
        ("/niro merge", ("api",), None),
        (f"/niro merge {HEAD}", ("api",), HEAD),
        ("/niro merge 0123ABC", ("api",), "0123abc"),
        (f"/niro merge api {HEAD}", ("api",), HEAD),
        ("/niro recreate", ("api",), None),
        ("/niro scan", ("api",), None),
        ("/niro scan web", ("web",), None),
        ("/niro refresh backend", ("web", "worker"), None),
        ("/niro explain", ("api",), None),
        ("/niro plan worker", ("worker",), None),
        ("/niro help", (), None),
    ],
)
def test_a_line_on_a_pull_request_with_one_policy(line: str, policies: tuple, argument: object) -> None:
    assert meaning(line)[1:] == (policies, argument)
    assert meaning(line)[0] == line.split()[1]


@pytest.mark.parametrize("line", ["/niro", "/niro  ", ""])
def test_the_name_alone_asks_for_help(line: str) -> None:
    assert understood(line).row.name is CommandName.HELP


def test_the_boxes_of_the_dashboard_leave_the_name_out() -> None:
    assert meaning("resume api", DASHBOARD) == ("resume", ("api",), None)


@pytest.mark.parametrize(
    ("line", "policies"),
    [
        ("/niro hold web", ("web",)),
        ("/niro merge", ("web", "worker")),
        ("/niro recreate", ("web", "worker")),
        ("/niro merge backend", ("web", "worker")),
        ("/niro merge worker", ("worker",)),
        ("/niro scan", ("web", "worker")),
        ("/niro explain", ("web", "worker")),
        ("/niro ignore web 2.x", ("web",)),
    ],
)
def test_a_line_on_a_pull_request_with_several(line: str, policies: tuple) -> None:
    assert understood(line, ON_BACKEND).policies == policies


@pytest.mark.parametrize("line", ["hold", "resume", "ignore 2.x", "ignore", "pin 1.5.0", "rollback", "snooze 3d"])
def test_a_policy_is_named_where_a_pull_request_has_several(line: str) -> None:
    said = mistaken(f"/niro {line}", ON_BACKEND)
    assert "which policy" in said
    assert "web, worker" in said


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name.value)
def test_who_names_no_policy_on_the_dashboard_means_all_or_is_asked(row) -> None:
    line = f"/niro {row.name.value}{' 3d' if row.takes is Takes.MOMENT else ' 1.5.0' if row.required else ''}"
    if row.about is About.NOTHING:
        assert understood(line, DASHBOARD).policies == ()
    elif row.about is About.REPOSITORY:
        assert understood(line, DASHBOARD).policies == tuple(GROUPS)
    else:
        assert "which policy" in mistaken(line, DASHBOARD)


def test_the_dashboard_takes_what_is_about_a_pull_request_by_policy_or_group() -> None:
    assert understood("/niro merge web", DASHBOARD).group == "backend"
    assert understood("/niro merge backend", DASHBOARD).group == "backend"
    assert understood("/niro rollback web 1.4.2", DASHBOARD).group == "backend"
    assert understood("/niro hold web", DASHBOARD).group is None


def test_a_pull_request_is_merged_from_its_own_page_only() -> None:
    assert "not about 'web'" in mistaken("/niro merge web")
    assert "not about 'web'" in mistaken("/niro recreate web")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/niro hodl", "did you mean hold?"),
        ("/niro HOLD", "did you mean hold?"),
        ("/niro destroy", "There is no command 'destroy'; /niro help"),
        ("/niro h\N{CYRILLIC SMALL LETTER O}ld", "There is no command"),
        ("/niro hold\N{NO-BREAK SPACE}api", "There is no command"),
        ("/niro hold workr", "There is no policy 'workr'; did you mean worker?"),
        ("/niro hold Api", "did you mean api?"),
        ("/niro hold api web", "too much"),
        ("/niro hold api until friday", "too much"),
        ("/niro help me", "too much"),
        ("/niro pin", "a tag or a digest"),
        ("/niro pin web", "a tag or a digest"),
        ("/niro pin 1.5.0 1.6.0", "There is no policy '1.5.0'"),
        ("/niro pin api 1.5.0 1.6.0", "'1.6.0' is too much"),
        ("/niro pin workr 1.5.0", "did you mean worker?"),
        ("/niro pin 1.5.0+build", "neither a tag nor a digest"),
        ("/niro pin -1", "neither a tag nor a digest"),
        ("/niro pin " + "a" * 129, "neither a tag nor a digest"),
        ("/niro pin sha256:abc", "neither a tag nor a digest"),
        (f"/niro pin -x@{DIGEST}", "neither a tag nor a digest"),
        ("/niro pin \N{FULLWIDTH DIGIT ONE}.5.0", "neither a tag nor a digest"),
        ("/niro ignore >=a", "no range"),
        ("/niro ignore " + " ".join([">=1"] * 200), "no range"),
        ("/niro ignore nope 2.x", "no range"),
        ("/niro snooze", "a length of time or a date"),
        ("/niro snooze yesterday", "neither a length of time"),
        ("/niro snooze 2020-01-01", "not in the future"),
        ("/niro snooze api 3d 4d", "too much"),
        ("/niro merge now", "no commit"),
        ("/niro merge 012345", "no commit"),
        (f"/niro merge {HEAD}0", "no commit"),
        ("/niro scan nope", "There is no policy 'nope'"),
        ("/niro plan nope", "There is no policy 'nope'"),
    ],
)
def test_a_mistake_says_what_would_be_understood(line: str, said: str) -> None:
    assert said in mistaken(line)


def test_only_so_many_policies_are_listed() -> None:
    said = mistaken("/niro hold", Place({f"p{number}": "g" for number in range(1_000)}))
    assert "p9 and 990 more" in said
    assert len(said) < 300


def test_without_policies_it_is_said() -> None:
    assert "No policy is in force here." in mistaken("/niro hold", Place())
    assert understood("/niro help", Place()).policies == ()


AMBIGUOUS = Place({"1.5.0": "1.5.0", "3d": "3d", "abcdef1": "abcdef1", "hold": "hold"}, "1.5.0", ("1.5.0",))


@pytest.mark.parametrize(
    "line", ["/niro ignore 1.5.0", "/niro unignore 1.5.0", "/niro rollback 1.5.0", "/niro merge abcdef1"]
)
def test_nobody_guesses_whether_a_word_is_a_policy_or_an_argument(line: str) -> None:
    assert "write both, or nothing" in mistaken(line, AMBIGUOUS)


@pytest.mark.parametrize(
    ("line", "policies", "argument"),
    [
        ("/niro ignore 1.5.0 1.5.0", ("1.5.0",), Versions(tag="1.5.0")),
        ("/niro ignore 3d 1.5.0", ("3d",), Versions(tag="1.5.0")),
        ("/niro pin 1.5.0", ("1.5.0",), Versions(tag="1.5.0")),
        ("/niro pin 3d 1.5.0", ("3d",), Versions(tag="1.5.0")),
        ("/niro snooze 3d", ("1.5.0",), datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("/niro snooze 3d 3d", ("3d",), datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("/niro hold 3d", ("3d",), None),
        ("/niro hold hold", ("hold",), None),
        ("/niro ignore", ("1.5.0",), None),
    ],
)
def test_policies_may_be_called_like_arguments(line: str, policies: tuple, argument: object) -> None:
    assert meaning(line, AMBIGUOUS)[1:] == (policies, argument)


def test_a_policy_called_like_a_word_is_taken_for_the_policy() -> None:
    assert understood("/niro rollback api").policies == ("api",)
    assert understood("/niro rollback api").argument is None


@given(st.text(max_size=80))
def test_any_line_is_read(text: str) -> None:
    assert isinstance(read(f"/niro {text}", ON_API, NOW), Command | Mistake)


@given(
    st.sampled_from(TABLE), st.lists(st.sampled_from(["api", "web", "3d", "1.5.0", ">=2", "abcdef1", "x"]), max_size=3)
)
def test_a_command_is_about_policies_there_are_and_takes_what_its_row_says(row, words: list[str]) -> None:
    command = read(" ".join(["/niro", row.name.value, *words]), ON_API, NOW)
    if isinstance(command, Mistake):
        return
    assert command.row is BY_NAME[row.name]
    assert set(command.policies) <= set(GROUPS)
    kinds = {Takes.NOTHING: (), Takes.TAG: Versions, Takes.VERSIONS: Versions, Takes.MOMENT: datetime, Takes.HEAD: str}
    assert command.argument is None or isinstance(command.argument, kinds[row.takes])
    assert not row.required or command.argument is not None
    assert (len(command.policies) == 1) or row.about is not About.POLICY
