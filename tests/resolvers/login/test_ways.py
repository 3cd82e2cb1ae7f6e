"""What a page knows before somebody has signed in, and where mail and providers send people."""

from uuid import uuid4

from sqlalchemy import insert

from infra import bootstrap
from infra.accounts.rows import identity_providers
from tests.resolvers.login.calls import post, sign_in
from tests.resolvers.login.mailbox import Mailbox
from tests.resolvers.login.members import Member, Personnel
from tests.stack import Stack

NOBODYS = {"password": True, "sign_up": True, "providers": []}


async def provider(personnel: Personnel, member: Member, *, name: str, enabled: bool = True) -> str:
    row = {"id": uuid4(), "organization_id": member.organization_id, "name": name, "enabled": enabled}
    told = {"issuer": f"https://{name}.example", "client_id": "parley", "client_secret": b"sealed"}
    async with personnel.database.tenant(member.organization_id) as connection:
        await connection.execute(insert(identity_providers), row | told | {"created_at": bootstrap.now()})
        await connection.commit()
    return str(row["id"])


async def ways(stack: Stack, slug: str | None = None) -> object:
    answer = await stack.http.get("/auth/ways", params={"organization": slug} if slug else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_page_learns_the_buttons_of_one_organization_and_no_more(stack: Stack, personnel: Personnel) -> None:
    member, stranger = await personnel.member(), await personnel.member()
    first, second = [await provider(personnel, member, name=name) for name in ("alpha", "beta")]
    await provider(personnel, member, name="gone", enabled=False)
    await provider(personnel, stranger, name="elsewhere")
    doors = [{"id": first, "name": "alpha"}, {"id": second, "name": "beta"}]
    assert await ways(stack, member.slug) == NOBODYS | {"providers": doors}
    assert await ways(stack, "nobodys-shop") == await ways(stack) == NOBODYS


async def test_a_page_learns_that_passwords_are_off(stack: Stack, personnel: Personnel) -> None:
    closed = await personnel.organization(sign_in={"password": False})
    assert await ways(stack, closed[1]) == NOBODYS | {"password": False}


async def test_somebody_learns_where_else_they_can_go_on(stack: Stack, personnel: Personnel) -> None:
    member = await personnel.member()
    other = await personnel.member(person=member)
    tokens = await sign_in(stack, member, organization=member.slug)
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    found = (await stack.http.get("/auth/organizations", headers=headers)).json()["organizations"]
    assert sorted(one["slug"] for one in found) == sorted([member.slug, other.slug])
    assert (await stack.http.get("/auth/organizations")).status_code == 401


async def test_who_looks_at_a_page_is_sent_to_one_that_says_what_went_wrong(stack: Stack) -> None:
    path, page = f"/auth/oidc/{uuid4()}/start", {"accept": "text/html,*/*;q=0.8"}
    answer = await stack.http.get(path, headers=page)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?problem=NOT_FOUND")
    back = await stack.http.get("/auth/oidc/callback", headers=page)
    assert (back.status_code, back.headers["location"]) == (303, "/sign-in?problem=PROVIDER_ERROR")
    assert (await stack.http.get(path)).json()["error"]["code"] == "NOT_FOUND"


async def test_links_in_mail_lead_to_pages_of_the_web_app(
    stack: Stack, personnel: Personnel, post_office: Mailbox
) -> None:
    member = await personnel.member()
    await post(stack, "forgot-password", email=member.email)
    letter = (await post_office.wait(member.email)).get_body(("plain",))
    assert letter is not None
    assert "/reset-password?token=" in letter.get_content()
    founder, slug = f"{uuid4().hex}@people.example", uuid4().hex[:12]
    about = {"name": "Ann", "organization": "Tea", "slug": slug}
    await post(stack, "sign-up", email=founder, password="quiet harbour lantern 77", **about)
    letter = (await post_office.wait(founder)).get_body(("plain",))
    assert letter is not None
    assert "/verify?token=" in letter.get_content()
