"""The demo company inside `parley up`: its people, its articles, and how to talk to it."""

import asyncio
import json
from pathlib import Path

from domain.base import ActorKind, system_of
from domain.knowledge.events import ImportOptions
from infra import bootstrap
from infra.commands.imports import import_folder
from infra.commands.token import demo_token
from infra.demo import account as demo_account
from infra.demo import company as demo_company
from infra.demo.ids import ORGANIZATION_ID
from infra.documents import collect
from infra.settings import Settings

QUESTION = "How do I return something I bought?"


def install(settings: Settings) -> None:
    """Store the company, its people and its articles; what is there and unchanged stays as it is."""
    asyncio.run(_install(settings))


async def _install(settings: Settings) -> None:
    async with bootstrap.parts(settings) as made, bootstrap.background(made.sender.run):
        await demo_company.install(made.database)
        await demo_account.install(made.database, settings.data_dir)
        actor, folder = system_of(ORGANIZATION_ID), collect(demo_company.ARTICLES)
        await import_folder(
            made.knowledge.imports, actor, folder, demo_company.SOURCE, ImportOptions(), told=lambda *_: None
        )


def greeting(settings: Settings) -> list[tuple[str, str]]:
    """Where everything is, who may come in, and a first question ready to paste."""
    address = settings.address
    agent_account, owner_account = demo_account.accounts(settings.data_dir)
    company, agent = demo_company.company()["name"], demo_company.first(ActorKind.AGENT)
    return [
        ("GraphQL", f"{address}/graphql"),
        ("Demo company", f"{company}: its customers ask, and {agent.name} of its people team helps"),
        ("Account", f"{agent_account.email} signs in with the password {agent_account.password}"),
        ("Owner", f"{owner_account.email} signs in with the same password, and may do everything"),
        ("Chat", f"{_command(settings)} chat"),
        ("Agent", f"{_command(settings)} token agent"),
        ("Logs", str(settings.data_dir / "logs")),
        ("Ask by hand", curl(settings)),
    ]


def curl(settings: Settings) -> str:
    """A command that starts a conversation, with a token that works."""
    document = (
        "mutation($text: String!) { startConversation(input: {text: $text}) "
        "{ ... on StartConversationSuccess { conversation { id } } ... on Error { message } } }"
    )
    body = json.dumps({"query": document, "variables": {"text": QUESTION}})
    token = demo_token(settings, ActorKind.CUSTOMER)
    return (
        f"curl {settings.address}/graphql -H 'content-type: application/json' "
        f"-H 'authorization: Bearer {token}' -d '{body}'"
    )


def _command(settings: Settings) -> str:
    """How to call this program again from here, against the same state."""
    default = Settings.model_fields["data_dir"].default
    folder = "" if settings.data_dir == default else f"PARLEY_DATA_DIR={settings.data_dir} "
    program = Path(".venv/bin/parley")
    return folder + (str(program) if program.exists() else "parley")
