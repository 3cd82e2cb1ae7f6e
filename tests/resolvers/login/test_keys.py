"""The published keys, their rotation, and commands of the shell that let people in."""

import asyncio
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import KeySet

from infra import bootstrap
from infra.demo import account as demo_account
from infra.demo import company as demo_company
from infra.identity.keys import KeyRing
from tests.resolvers.login.calls import code, post, sign_in, viewer
from tests.resolvers.login.members import Personnel
from tests.stack import SECRET, Stack, settings_for

OWN = "quiet harbour lantern 77"


async def published(stack: Stack) -> KeySet:
    answer = await stack.http.get("/.well-known/jwks.json")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=60")
    assert not {"d", "p", "q"} & {name for key in answer.json()["keys"] for name in key}
    return KeySet.import_key_set(answer.json())


async def number_of_keys(personnel: Personnel) -> int:
    found = (await KeyRing(personnel.database, SECRET, bootstrap.now).current()).published["keys"]
    assert isinstance(found, list)
    return len(found)


async def test_anybody_can_verify_a_token_by_the_published_keys(stack: Stack, personnel: Personnel) -> None:
    tokens = await sign_in(stack, await personnel.member())
    claims = jwt.decode(tokens["access_token"], await published(stack), algorithms=["Ed25519"]).claims
    assert (claims["iss"], claims["aud"], claims["exp"] - claims["iat"]) == ("parley", "parley-api", 600)


async def test_after_a_rotation_old_tokens_stay_good_and_at_once_they_do_not(
    stack: Stack, personnel: Personnel
) -> None:
    member = await personnel.member()
    first = await sign_in(stack, member)
    ring = KeyRing(personnel.database, SECRET, bootstrap.now)
    await ring.rotate()
    assert await number_of_keys(personnel) == 2
    assert (await viewer(stack, first["access_token"])).status_code == 200
    await ring.rotate(at_once=True)
    assert await number_of_keys(personnel) == 1


async def parley(stack: Stack, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line against the stack's database."""
    settings = stack.settings
    told = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url, "SECRET_KEY": SECRET}
    environment = os.environ | {f"PARLEY_{name}": str(value) for name, value in told.items()}
    command = [sys.executable, "-m", "infra.cli", *arguments]
    return await asyncio.to_thread(
        subprocess.run, command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


async def test_an_organization_is_founded_from_a_shell(stack: Stack) -> None:
    slug = uuid4().hex[:12]
    create = ("organization", "create", "--name", "Tea", "--slug", slug, "--owner-email", f"{slug}@people.example")
    done = await parley(stack, *create)
    found = re.search(r"/reset-password\?token=([\w-]+)", done.stdout)
    assert done.returncode == 0, done.stderr
    assert found, done.stdout
    assert (await post(stack, "reset-password", token=found[1], password=OWN)).status_code == 204
    answer = await post(stack, "sign-in", email=f"{slug}@people.example", password=OWN, transport="token")
    assert (await viewer(stack, answer.json()["access_token"])).json()["data"]["viewer"]["kind"] == "ADMIN"
    again = await parley(stack, *create)
    assert (again.returncode, again.stdout.strip()) == (1, "slug: is taken. Choose another one.")


async def test_the_demo_accounts_have_a_password_of_their_own(
    stack: Stack, personnel: Personnel, tmp_path: Path
) -> None:
    await demo_company.install(personnel.database)
    await demo_account.install(personnel.database, tmp_path)
    first, owner = demo_account.accounts(tmp_path)
    assert stat.S_IMODE((tmp_path / demo_account.FILE).stat().st_mode) == 0o600
    assert (await post(stack, "sign-in", email=first.email, password=first.password)).status_code == 200
    told = await post(stack, "sign-in", email=owner.email, password=owner.password, transport="token")
    found = await stack.http.post(
        "/graphql",
        json={"query": "{ viewer { grants { permission } agent { role } } permissions { permission } }"},
        headers={"authorization": f"Bearer {told.json()['access_token']}"},
    )
    data = found.json()["data"]
    assert data["viewer"]["agent"] == {"role": "owner"}
    granted = {one["permission"] for one in data["viewer"]["grants"]}
    assert {one["permission"] for one in data["permissions"]} - granted <= {"START_CONVERSATIONS"}
    (tmp_path / demo_account.FILE).unlink()
    await demo_account.install(personnel.database, tmp_path)
    second, _ = demo_account.accounts(tmp_path)
    assert second.password != first.password
    assert code(await post(stack, "sign-in", email=first.email, password=first.password)) == (401, "UNAUTHENTICATED")
    assert (await post(stack, "sign-in", email=first.email, password=second.password)).status_code == 200


async def test_nobody_signs_up_where_that_is_closed(database_url: str, valkey_url: str) -> None:
    async with bootstrap.parts(settings_for(database_url, valkey_url)) as made:
        assert made.entrance.joining.is_open is False


async def test_who_lost_the_second_factor_is_let_in_from_a_shell(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member(totp_secret=b"sealed", totp_confirmed_at=bootstrap.now())
    assert "second_factor" in await sign_in(stack, member)
    forget = ("person", "forget-second-factor", "--reason", "The phone is lost.", "--email")
    done = await parley(stack, *forget, member.email.upper())
    assert done.returncode == 0, done.stderr
    assert "access_token" in await sign_in(stack, member)
    told = dict(await personnel.journal(member.organization_id))["SecondFactorDisabled"]
    assert (told["reason"], told["actor"]) == ("The phone is lost.", f"system:{member.organization_id}")
    nobody = await parley(stack, *forget, "nobody@people.example")
    assert (nobody.returncode, nobody.stdout.strip()) == (1, "Nobody has the address 'nobody@people.example'.")
