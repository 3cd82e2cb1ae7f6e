"""Which models the settings declare, what is refused and in which words, and that no key is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.commands.doctor import _language_models
from infra.settings import Settings, SettingsError, load
from tests.models.server import ModelServer

SMALL = {"base_url": "http://127.0.0.1:9/v1", "model": "small"}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` of the working folder."""
    monkeypatch.chdir(tmp_path)


def declare(monkeypatch: pytest.MonkeyPatch, models: Any) -> None:
    Path("models.json").write_text(models if isinstance(models, str) else json.dumps(models))
    monkeypatch.setenv("PARLEY_MODELS", "models.json")


def test_a_chain_of_models_from_variables_and_from_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, {"small": SMALL | {"api_key_env": "SMALL_KEY", "limits": {"tries": 1}}})
    monkeypatch.setenv("SMALL_KEY", "hush-small")
    monkeypatch.setenv("PARLEY_OPENAI_MODEL", "large")
    monkeypatch.setenv("PARLEY_OPENAI_API_KEY", "hush-large")
    monkeypatch.setenv("PARLEY_AI_PROVIDER", "openai, small,Local")
    found = load()
    assert found.ai_provider == ("openai", "small", "local")
    declared = found.declared_models
    assert (declared["openai"].model, declared["openai"].tokens_field) == ("large", "max_completion_tokens")
    assert (declared["small"].key, declared["small"].limits.tries) == ("hush-small", 1)
    assert {"hush-small", "hush-large"} <= set(found.secrets)
    assert "hush" not in repr(found) + repr(declared)


@pytest.mark.parametrize(
    ("models", "hint"),
    [
        ("{", "the file"),
        ([], "the file"),
        ({"small": {"model": "m"}}, "small.base_url: Field required"),
        ({"small": SMALL | {"base_url": "ftp://models"}}, "must be an address such as"),
        ({"small": SMALL | {"api_key": "hush", "api_key_env": "X"}}, "has both api_key and api_key_env"),
        ({"small": SMALL | {"api_key_env": "NOT_SET"}}, "needs the variable NOT_SET"),
        ({"small": SMALL | {"limits": {"tries": 0}}}, "small.limits.tries"),
        ({"small": SMALL | {"prices": {"read": -1, "written": 1}}}, "small.prices.read"),
        ({"small": SMALL | {"colour": "hush"}}, "small.colour"),
        ({"local": SMALL}, "other names than local"),
        ({"openai": SMALL}, "other names than openai"),
        ({"Small": SMALL}, "Small"),
    ],
)
def test_a_wrong_file_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, models: Any, hint: str) -> None:
    declare(monkeypatch, models)
    with pytest.raises(SettingsError) as refused:
        load()
    sentence = str(refused.value)
    assert sentence.startswith("PARLEY_MODELS must ")
    assert hint in sentence
    assert "hush" not in sentence
    assert len(sentence.splitlines()) == 1


def test_a_model_for_embeddings_answers_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch, {"vectors": SMALL | {"dimensions": 8}})
    monkeypatch.setenv("PARLEY_AI_PROVIDER", "vectors")
    with pytest.raises(SettingsError, match="out of local, scripted"):
        load()


async def test_the_doctor_asks_each_model_that_answers(
    monkeypatch: pytest.MonkeyPatch, model_server: ModelServer
) -> None:
    away, there = SMALL, SMALL | {"base_url": model_server.base_url}
    declare(monkeypatch, {"away": away, "there": there, "idle": away})
    found = Settings(ai_provider=("there", "away", "local"))
    states = {finding.subject: finding.state for finding in await _language_models(found)}
    assert states == {"there": "ok", "away": "failed"}
