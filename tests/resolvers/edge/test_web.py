"""How the built web app is served: pages with their policy, files compressed and kept, and nothing besides."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp

from resolvers.edge.web import UNBUILT, Web

PAGE = '<!doctype html><meta property="csp-nonce" nonce="%NONCE%"><title>Parley</title><p>%WHO%'
SCRIPT = "console.info('the same words, again and again');\n" * 200
ASSET = "/assets/console-B2caIV_m.js"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves, compressed, and a secret beside it."""
    folder = tmp_path_factory.mktemp("web") / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / ASSET[1:]).write_text(SCRIPT)
    (folder / "widget.js").write_text(SCRIPT)
    folder.with_name("secret.txt").write_text("a secret")
    subprocess.run((sys.executable, "-m", "servestatic.compress", "-q", str(folder)), check=True)
    return folder


def visiting(web: Web) -> httpx2.AsyncClient:
    app: ASGIApp = web.around(Starlette())
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://parley.example")


@pytest.mark.parametrize("path", ["/", "/inbox/open/some-id", "/sign-in?next=%2Fme"])
async def test_every_address_of_the_console_is_its_page(built: Path, path: str) -> None:
    async with visiting(Web(built)) as http:
        answer = await http.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "<title>Parley</title>" in answer.text


async def test_a_page_may_load_its_own_alone_and_its_nonce_is_used_once(built: Path) -> None:
    async with visiting(Web(built, ("https://files.example",))) as http:
        answers = [await http.get("/", headers=BROWSER) for _ in range(2)]
    nonces = [found[1] for answer in answers if (found := re.search(r'nonce="([^"%]{20,})"', answer.text))]
    assert len(set(nonces)) == 2
    policy = dict(part.split(" ", 1) for part in answers[0].headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == f"'self' 'nonce-{nonces[0]}'"
    assert policy["connect-src"] == "'self' https://files.example"
    assert not re.search("unsafe|https?:(?!//files.example)|[*]", answers[0].headers["content-security-policy"])


async def test_what_is_filled_in_is_text_and_a_directive_can_be_replaced(built: Path) -> None:
    page = Web(built).page("index.html", {"%WHO%": '<script>"'}, frame_ancestors="https://shop.example")
    assert b"&lt;script&gt;&quot;" in page.body
    assert "frame-ancestors https://shop.example" in page.headers["content-security-policy"]


async def test_files_with_a_hash_in_their_name_are_kept_for_ever_and_others_are_not(built: Path) -> None:
    async with visiting(Web(built)) as http:
        assert "immutable" in (await http.get(ASSET)).headers["cache-control"]
        loader = await http.get("/widget.js")
        assert loader.headers["cache-control"] == "max-age=60, public"
        tag = loader.headers["etag"]
        assert (await http.get("/widget.js", headers={"if-none-match": tag})).status_code == 304


@pytest.mark.parametrize("coding", ["br", "gzip"])
async def test_files_come_as_they_were_compressed_at_the_build(built: Path, coding: str) -> None:
    async with visiting(Web(built)) as http:
        answer = await http.get(ASSET, headers={"accept-encoding": coding})
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == (coding, "Accept-Encoding")
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert answer.text == SCRIPT


async def test_the_loader_is_for_pages_of_others_and_the_rest_is_not(built: Path) -> None:
    async with visiting(Web(built)) as http:
        assert (await http.get("/widget.js")).headers["cross-origin-resource-policy"] == "cross-origin"
        assert "cross-origin-resource-policy" not in (await http.get(ASSET)).headers


async def test_head_answers_like_get_without_a_body(built: Path) -> None:
    async with visiting(Web(built)) as http:
        for path in ("/inbox", ASSET):
            got, head = await http.get(path, headers=BROWSER), await http.head(path, headers=BROWSER)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == got.headers["content-length"] or path == "/inbox"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/",
        "/assets",
        "/assets/gone-B2caIV_m.js",
        "/assets/console-B2caIV_m.js.br",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/index.html%00.js",
        "//etc/passwd",
    ],
)
async def test_nothing_else_is_there(built: Path, path: str) -> None:
    async with visiting(Web(built)) as http:
        answer = await http.get(path, headers={"accept": "*/*"})
    assert answer.status_code == 404
    assert answer.text == "Not Found"


async def test_writing_is_not_for_files(built: Path) -> None:
    async with visiting(Web(built)) as http:
        for path in (ASSET, "/inbox"):
            assert (await http.post(path, headers=BROWSER)).status_code == 404


async def test_where_nothing_is_built_the_page_says_so(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        async with visiting(Web(folder)) as http:
            answer = await http.get("/", headers=BROWSER)
        assert (answer.status_code, UNBUILT in answer.text) == (503, True)


def test_the_lock_file_names_no_address() -> None:
    lock = (Path(__file__).parents[3] / "web/package-lock.json").read_text()
    assert '"lockfileVersion"' in lock
    assert not re.search(r'"resolved"|https?://[^"]*\.tgz', lock)
