"""Settings: where they come from, what is refused and in which words, and that the guide lists them all."""

import re
from pathlib import Path
from typing import Any

import pytest

from infra import settings
from infra.settings import Settings, SettingsError, load, load_or_exit, variable

GUIDE = Path(__file__).parents[2] / "docs" / "running.md"
LONG = "k" * 32


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the caller and no `.env` of the working folder."""
    for name in (*Settings.model_fields, "prot"):
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)


def test_what_is_set_where_nothing_is_said() -> None:
    found = load()
    assert (found.host, found.port, found.data_dir) == ("127.0.0.1", 8000, Path(".parley"))
    assert (found.database_url, found.redis_url, found.secret_key) == (None, None, None)
    assert (found.ai_provider, found.frames_per_second) == (("local",), 20)


def test_a_variable_wins_over_the_file_and_an_empty_one_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PARLEY_PORT=9000\nPARLEY_HOST=0.0.0.0\n")
    monkeypatch.setenv("PARLEY_PORT", "9001")
    monkeypatch.setenv("PARLEY_REDIS_URL", "")
    found = load()
    assert (found.port, found.host, found.redis_url) == (9001, "0.0.0.0", None)
    assert (found.own_host, found.address) == ("127.0.0.1", "http://127.0.0.1:9001")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("port", "abc", "PARLEY_PORT must be a whole number between 1 and 65535, not 'abc'."),
        ("port", "0", "PARLEY_PORT must be a whole number between 1 and 65535, not '0'."),
        ("answer_timeout", "nan", "PARLEY_ANSWER_TIMEOUT must be a number between 1 and 600, not 'nan'."),
        ("frames_per_second", "21", "PARLEY_FRAMES_PER_SECOND must be a whole number between 1 and 20, not '21'."),
        *(
            (
                "ai_provider",
                value,
                "PARLEY_AI_PROVIDER must be names by commas, each once, out of local, scripted "
                f"(PARLEY_OPENAI_MODEL and PARLEY_MODELS add others), not '{value}'.",
            )
            for value in ("oracle", "openai,local", "local,local", "local,")
        ),
        (
            "openai_base_url",
            "models.example",
            "PARLEY_OPENAI_BASE_URL must be an address such as https://models.example/v1, not 'models.example'.",
        ),
        (
            "models",
            "nowhere.json",
            "PARLEY_MODELS must be a file that can be read: No such file or directory, not 'nowhere.json'.",
        ),
        ("log_level", "loud", "PARLEY_LOG_LEVEL must be debug or info or warning or error, not 'loud'."),
        (
            "allowed_origins",
            "https://a.example,shop",
            "PARLEY_ALLOWED_ORIGINS must be origins such as https://shop.example, separated by commas, "
            "not 'https://a.example,shop'.",
        ),
        *(
            (
                "budget_customer",
                value,
                "PARLEY_BUDGET_CUSTOMER must be two whole numbers between 1 and 1000000000, such as 5000,50, "
                f"not '{value}'.",
            )
            for value in ("5000", "0,50", "5000,50,5", "-1,50", "1e9,1", "2000000000,1")
        ),
        (
            "trusted_proxies",
            "10.0.0.0/8,proxy",
            "PARLEY_TRUSTED_PROXIES must be networks such as 10.0.0.0/8 or 192.0.2.1, separated by commas, "
            "not '10.0.0.0/8,proxy'.",
        ),
        ("introspection", "maybe", "PARLEY_INTROSPECTION must be true or false, not 'maybe'."),
        (
            "trusted_documents_only",
            "some",
            "PARLEY_TRUSTED_DOCUMENTS_ONLY must be off or anonymous or everyone, not 'some'.",
        ),
        (
            "database_url",
            "mysql://me:hush@host/x",
            "PARLEY_DATABASE_URL must be an address such as postgresql://user:password@host/name.",
        ),
        (
            "database_url",
            "postgresql://me:hush@host:port/x",
            "PARLEY_DATABASE_URL must be an address such as postgresql://user:password@host/name.",
        ),
        ("redis_url", "host:6379", "PARLEY_REDIS_URL must be an address such as redis://host:6379/0."),
        *(
            ("smtp_url", url, "PARLEY_SMTP_URL must be an address such as smtp://user:password@host:587.")
            for url in ("http://me:hush@host", "smtp://", "smtp://me:hush@host:port", "smtp://host/path", "host:25")
        ),
        *(
            (
                "mail_from",
                sender,
                "PARLEY_MAIL_FROM must be an address such as ann@shop.example or Ann <ann@shop.example>, "
                f"not {sender!r}.",
            )
            for sender in (
                "Ann <ann>",
                "Ann, Bob <bob@x.example>",
                "ann@x.example, bob@x.example",
                "ann@x.example\nBcc: b",
            )
        ),
        *(
            ("public_url", url, f"PARLEY_PUBLIC_URL must be an address such as https://help.shop.example, not {url!r}.")
            for url in ("shop.example", "ftp://shop.example", "https://shop.example/?a=b", "http://[shop")
        ),
        ("secret_key", "hush", "PARLEY_SECRET_KEY must have at least 32 characters."),
    ],
)
def test_a_wrong_value_ends_the_start_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(variable(name), value)
    with pytest.raises(SystemExit) as ended:
        load_or_exit()
    assert ended.value.code == 2
    assert capsys.readouterr().err == f"{sentence}\n"


def test_each_wrong_value_has_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_PORT", "x")
    monkeypatch.setenv("PARLEY_LOG_FORMAT", "x")
    with pytest.raises(SettingsError) as refused:
        load()
    assert len(str(refused.value).splitlines()) == 2


def test_an_unknown_variable_is_told_and_does_no_harm(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PARLEY_PROT", "9000")
    monkeypatch.setenv("PARLEY_TEST_DATABASE_URL", "for the tests")
    Path(".env").write_text("PARLEY_COLOUR=red\nOTHER=1\n")
    assert load_or_exit().port == 8000
    assert capsys.readouterr().err.splitlines() == [
        "PARLEY_COLOUR is not a setting of Parley.",
        "PARLEY_PROT is not a setting of Parley (PARLEY_PORT is).",
    ]


@pytest.mark.parametrize(
    ("given", "sqlalchemy"),
    [
        ("postgres://u:p@h:5/d", "postgresql+asyncpg://u:p@h:5/d"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d"),
        ("postgresql://u:p%40%2F@h/d?sslmode=require", "postgresql+asyncpg://u:p%40%2F@h/d?ssl=require"),
        ("postgresql://u@/d?host=/run/x", "postgresql+asyncpg://u@/d?host=%2Frun%2Fx"),
    ],
)
def test_every_way_to_write_a_postgres_address(given: str, sqlalchemy: str) -> None:
    found = Settings(database_url=given)
    assert found.sqlalchemy_url == sqlalchemy
    assert found.asyncpg_url.startswith("postgresql://u")


@pytest.mark.parametrize(
    ("environment", "introspection", "is_shown"),
    [
        ("development", None, True),
        ("production", None, False),
        ("production", True, True),
        ("development", False, False),
    ],
)
def test_the_schema_is_shown_in_development_or_where_it_is_wanted(
    environment: Any, introspection: bool | None, is_shown: bool
) -> None:
    found = Settings(environment=environment, introspection=introspection, graphiql=introspection)
    assert (found.shows_schema, found.shows_page) == (is_shown, is_shown)


def test_budgets_are_written_as_two_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_BUDGET_STAFF", "7000, 70")
    assert load().budgets["staff"] == (7000, 70)
    assert str(load().budgets["anonymous"]) == "20000,100"


def test_what_is_needed_and_unset_is_named() -> None:
    with pytest.raises(SettingsError, match="PARLEY_SECRET_KEY is not set"):
        _ = load().secret


def test_no_secret_is_shown() -> None:
    shown = repr(Settings(secret_key=LONG, database_url="postgres://u:hush@h/d", redis_url="redis://:hush@h"))  # type: ignore[arg-type]
    assert "hush" not in shown
    assert LONG not in shown


def test_the_password_of_the_mail_server_is_a_secret() -> None:
    found = Settings(smtp_url="smtps://me:hu%24h@mail.example")
    assert {"hu%24h", "hu$h"} <= set(found.secrets)
    assert "hu" not in repr(found)


@pytest.mark.parametrize(
    "sender", ["ann@shop.example", "Ann <ann@shop.example>", '"Ann, Bob & Co" <help@shop.example>']
)
def test_senders_with_and_without_a_name(sender: str) -> None:
    assert Settings(mail_from=sender).mail_from == sender


def test_links_lead_to_the_public_address() -> None:
    assert Settings(port=8001).public_address == "http://127.0.0.1:8001"
    assert Settings(public_url="https://help.shop.example/").public_address == "https://help.shop.example"


def test_a_child_reads_the_same_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = Settings(secret_key=LONG, database_url="postgres://u:p@h/d", redis_url="redis://:p@h")  # type: ignore[arg-type]
    for name, value in parent.for_child().items():
        monkeypatch.setenv(name, value)
    child = load()
    assert (child.secret, child.sqlalchemy_url, child.redis) == (parent.secret, parent.sqlalchemy_url, parent.redis)


def test_the_guide_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^\| `(PARLEY_[A-Z_]+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert listed == {variable(name) for name in Settings.model_fields}


def test_the_guide_says_what_the_class_says() -> None:
    guide = GUIDE.read_text()
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"| `{variable(name)}` | {settings.shown_default(name)} | {field.description} |" in guide
