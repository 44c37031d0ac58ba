"""Settings come from the environment, then from the file, and what cannot be is refused with a sentence."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pydantic import ValidationError

from bot.promotion import Severities
from bot.settings import Settings, address, load_settings
from bot.settings_file import keep_settings
from bot.settings_table import document, rows, without_password

PEM = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
APP = {"NIRO_APP_ID": "Iv23abc", "NIRO_PRIVATE_KEY": PEM, "NIRO_WEBHOOK_SECRET": "hook secret"}


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without settings, and a settings file that does not exist yet."""
    for name in [name for name in os.environ if name.startswith("NIRO_")]:
        monkeypatch.delenv(name)
    path = tmp_path / "niro.env"
    monkeypatch.setenv("NIRO_SETTINGS_FILE", str(path))
    return path


def test_nothing_needs_to_be_set() -> None:
    found = load_settings()
    assert (found.registered, found.bind, found.admin_bind) == (False, "0.0.0.0:8080", "127.0.0.1:9090")


def test_the_environment_wins_over_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("NIRO_SLOTS=3\nNIRO_LOG_LEVEL=debug\n")
    monkeypatch.setenv("NIRO_SLOTS", "5")
    assert (load_settings().slots, load_settings().log_level) == (5, "debug")


def test_an_empty_variable_is_not_set(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("NIRO_SLOTS=3\n")
    monkeypatch.setenv("NIRO_SLOTS", "")
    monkeypatch.setenv("NIRO_BIND", "")
    assert (load_settings().slots, load_settings().bind) == (3, "0.0.0.0:8080")


def test_what_the_setup_page_keeps_is_what_is_read(file: Path) -> None:
    keep_settings(file, APP)
    found = load_settings()
    assert (found.app_id, found.key, found.webhook_secret.get_secret_value()) == ("Iv23abc", PEM, "hook secret")
    assert found.registered


def test_the_file_is_for_this_user_alone(file: Path) -> None:
    file.write_text("")
    file.chmod(0o644)
    keep_settings(file, APP)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "before",
    [
        "# mine\nNIRO_SLOTS=3\n",
        "# mine\nNIRO_SLOTS=3",
        "# mine\nNIRO_SLOTS=3\nexport NIRO_APP_ID=old\n",
        "# mine\nNIRO_SLOTS=3\nNIRO_PRIVATE_KEY='-----BEGIN\nNIRO_WEBHOOK_SECRET=old\n-----END'\nNIRO_APP_ID = old\n",
    ],
)
def test_the_other_lines_of_the_file_stay(file: Path, before: str) -> None:
    file.write_text(before)
    keep_settings(file, APP)
    assert (load_settings().slots, load_settings().app_id, load_settings().key) == (3, "Iv23abc", PEM)
    assert file.read_text().startswith("# mine\nNIRO_SLOTS=3\n")
    assert "old" not in file.read_text()


def test_a_file_that_is_a_link_stays_one(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    file.symlink_to(target)
    keep_settings(file, APP)
    assert file.is_symlink()
    assert load_settings().app_id == "Iv23abc"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        keep_settings(tmp_path / "missing" / "niro.env", APP)


odd = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)
pieces = some.lists(
    some.sampled_from(["\\", "'", '"', "$", "{", "}", "${", "${HOME}", ":-", "\n", "\r", "#", "=", " "])
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=odd | pieces.map("".join).filter(bool), other=odd)
def test_every_secret_comes_back_from_the_file_as_it_was(file: Path, secret: str, other: str) -> None:
    keep_settings(file, APP | {"NIRO_WEBHOOK_SECRET": secret, "NIRO_APP_ID": other})
    found = load_settings()
    assert (found.webhook_secret.get_secret_value(), found.app_id, found.key) == (secret, other, PEM)


def test_a_key_may_be_written_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in APP.items():
        monkeypatch.setenv(name, value.replace("\n", "\\n"))
    assert load_settings().key == PEM


def test_a_key_may_stand_in_a_file_of_its_own(file: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM)
    keep_settings(file, APP | {"NIRO_PRIVATE_KEY": "", "NIRO_PRIVATE_KEY_FILE": str(tmp_path / "key.pem")})
    assert (load_settings().key, load_settings().registered) == (PEM, True)


@pytest.mark.parametrize(
    ("public", "admin"), [("127.0.0.1:0", "127.0.0.1:0"), ("192.0.2.1:8080", "127.0.0.1:8080"), ("[::]:80", "[::]:81")]
)
def test_two_doors_of_their_own_are_taken(monkeypatch: pytest.MonkeyPatch, public: str, admin: str) -> None:
    monkeypatch.setenv("NIRO_BIND", public)
    monkeypatch.setenv("NIRO_ADMIN_BIND", admin)
    assert (load_settings().bind, load_settings().admin_bind) == (public, admin)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"NIRO_SLOTS": "0"}, "greater than or equal to 1"),
        ({"NIRO_SLOTS": "many"}, "valid integer"),
        ({"NIRO_SETTLE_SECONDS": "-1"}, "greater than or equal to 0"),
        ({"NIRO_SETTLE_SECONDS": "86401"}, "less than or equal to 86400"),
        ({"NIRO_SETTLE_SECONDS": "nan"}, "finite number"),
        ({"NIRO_BIND": "8080"}, "HOST:PORT is needed"),
        ({"NIRO_BIND": "0.0.0.0:http"}, "HOST:PORT is needed"),
        ({"NIRO_ADMIN_BIND": "127.0.0.1:65536"}, "HOST:PORT is needed"),
        ({"NIRO_GITHUB_URL": "api.github.com"}, "begins with http"),
        ({"NIRO_PUBLIC_URL": "ftp://niro.example"}, "begins with http"),
        ({"NIRO_PUBLIC_URL": "https://user:password@niro.example"}, "nothing secret"),
        ({"NIRO_ADMIN_BIND": "0.0.0.0:8080"}, "NIRO_ADMIN_BIND needs another port than NIRO_BIND"),
        ({"NIRO_ADMIN_BIND": "127.0.0.1:8080"}, "NIRO_ADMIN_BIND needs another port than NIRO_BIND"),
        ({"NIRO_LOG_LEVEL": "loud"}, "one of debug, info, warning, error"),
        ({"NIRO_LOG_FORMAT": "xml"}, "'json' or 'console'"),
        ({"NIRO_PRIVATE_NETWORKS": "7:*=10.0.0.0/8, 7:*=10.0.0.1/8"}, "has host bits set"),
        ({"NIRO_PRIVATE_NETWORKS": "10.0.0.0/8"}, "is not INSTALLATION:HOST=NETWORK"),
        ({"NIRO_AMBIENT_LOGINS": "*:ghcr.io"}, "is not INSTALLATION:HOST"),
        ({"NIRO_KEYS": "first:c2hvcnQ="}, "NIRO_KEYS"),
        ({"NIRO_PRIVATE_KEY_FILE": "/no/such/file"}, "cannot be read"),
        ({"NIRO_SIGSTORE_TRUSTED_ROOT": "/no/such/root.json"}, "cannot be read"),
        ({"NIRO_VULNERABILITY_SEVERITIES": "critical=critical;major=high"}, "minor is missing"),
        ({"NIRO_VULNERABILITY_SEVERITIES": "worst=critical"}, "does not begin with critical="),
        (APP | {"NIRO_PRIVATE_KEY": "-----BEGIN KEY-----\nabc\n-----END KEY-----"}, "no private key in PEM"),
        (APP | {"NIRO_APP_ID": ""}, "NIRO_APP_ID must be set too, since NIRO_PRIVATE_KEY and NIRO_WEBHOOK_SECRET is"),
        ({"NIRO_WEBHOOK_SECRET": "x"}, "NIRO_APP_ID and NIRO_PRIVATE_KEY must be set too"),
    ],
)
def test_what_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], said: str) -> None:
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        load_settings()
    assert said in refused.value.errors()[0]["msg"]


def test_severities_are_those_of_the_judgement_unless_others_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().severities == Severities.DEFAULT
    monkeypatch.setenv("NIRO_VULNERABILITY_SEVERITIES", "critical=critical,high;major=medium;minor=low")
    assert str(load_settings().severities) == "critical=critical,high;major=medium;minor=low"


def test_a_trusted_root_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().sigstore_trusted_root is None
    (tmp_path / "root.json").write_text("{}")
    monkeypatch.setenv("NIRO_SIGSTORE_TRUSTED_ROOT", str(tmp_path / "root.json"))
    assert load_settings().sigstore_trusted_root == tmp_path / "root.json"


@pytest.mark.parametrize(
    ("bind", "expected"), [("127.0.0.1:0", ("127.0.0.1", 0)), ("[::1]:8080", ("::1", 8080)), ("a:1", ("a", 1))]
)
def test_an_address_is_a_host_and_a_port(bind: str, expected: tuple[str, int]) -> None:
    assert address(bind) == expected


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///niro.db", "sqlite:///niro.db"),
        ("postgresql://niro@db/niro", "postgresql://niro@db/niro"),
        ("postgresql://niro:hunter2@db/niro", "postgresql://niro:[hidden]@db/niro"),
        ("postgresql://niro:hun/t@er:2@db/niro", "postgresql://niro:[hidden]@db/niro"),
        ("postgresql://db/niro?user=niro&password=hunter2&x=1", "postgresql://db/niro?user=niro&password=[hidden]&x=1"),
    ],
)
def test_a_password_in_a_url_is_not_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_every_setting_says_what_it_means() -> None:
    assert [row.name for row in rows(load_settings()) if not row.meaning.endswith(".")] == []


def test_the_documentation_lists_every_setting_as_the_program_does() -> None:
    page = Path(__file__).parent.parent / "docs" / "settings.md"
    assert page.read_text() == document(load_settings()), "write it again: niro settings --markdown > docs/settings.md"


def test_the_documentation_does_not_depend_on_what_is_set() -> None:
    assert document(Settings(slots=5, database_url="postgresql://a:b@c/d")) == document(load_settings())
