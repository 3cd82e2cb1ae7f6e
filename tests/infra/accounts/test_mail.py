"""Mail: over a real SMTP server, in good and bad hours; into a folder; and what the letters say."""

import asyncio
import email
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from aiosmtpd import smtp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from structlog.testing import capture_logs

from domain.base import InvalidInputError
from domain.login.mail import (
    Mail,
    MailDelayedError,
    MailRefusedError,
    invitation,
    password_changed,
    password_reset,
    verification,
)
from infra.identity.mail import FolderMailer, SmtpMailer, mailer
from infra.settings import Settings

SENDER = "Parley at Acme <help@acme.example>"
LINK = "https://help.acme.example/verify?token=abc&x=1"
MAIL = Mail("ann@shop.example", "Grüße, your link", "Hello Ann\n.\nWörter\n" + "x" * 3_000 + "\n", "<p>Hello Ann</p>")
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Postbox:
    """Takes mail, unless it was told to answer otherwise."""

    def __init__(self, **answers: str) -> None:
        self.answers, self.taken = answers, list[smtp.Envelope]()

    async def handle_MAIL(  # noqa: N802
        self, _: smtp.SMTP, __: Any, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, _: smtp.SMTP, __: Any, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, _: smtp.SMTP, __: Any, envelope: smtp.Envelope) -> str:  # noqa: N802
        self.taken.append(envelope)
        return self.answers.get("data", "250 OK")

    def message(self) -> EmailMessage:
        (envelope,) = self.taken
        assert isinstance(envelope.content, bytes)
        parsed = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@asynccontextmanager
async def listening(
    postbox: Postbox, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[str]:
    """The server's host and port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: smtp.SMTP(postbox, loop=loop, **options), host, 0, ssl=tls)
    yield f"{host}:{server.sockets[0].getsockname()[1]}"
    server.close()


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """A server that says what it likes."""
    tasks = set[asyncio.Task[None]]()

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of our own with its key, for addresses of this machine."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    today = datetime.now(UTC)
    names = [x509.IPAddress(ip_address(address)) for address in ("127.0.0.1", "127.0.0.2")]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .sign(key, SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def _lets_in(*_: Any) -> smtp.AuthResult:
    login = _[-1]
    assert isinstance(login, smtp.LoginPassword)
    return smtp.AuthResult(success=(login.login, login.password) == (b"me@x", b"p:w"), handled=False)


async def test_a_mail_arrives_as_it_was_written() -> None:
    postbox = Postbox()
    async with listening(postbox) as server:
        await SmtpMailer(f"smtp://{server}", sender=SENDER).send(MAIL)
    message = postbox.message()
    assert (postbox.taken[0].mail_from, postbox.taken[0].rcpt_tos) == ("help@acme.example", [MAIL.to])
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, MAIL.to, MAIL.subject)
    assert message["Message-ID"].endswith("@acme.example>")
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = message.get_body(["plain"]), message.get_body(["html"])
    assert text and html
    assert text.get_content().replace("\r\n", "\n") == MAIL.text
    assert html.get_content().strip() == MAIL.html


async def test_starttls_with_a_password(certificate: Path) -> None:
    postbox = Postbox()
    options: dict[str, Any] = {"tls_context": serving(certificate), "require_starttls": True, "authenticator": _lets_in}
    async with listening(postbox, host="127.0.0.2", auth_required=True, **options) as server:
        url = f"smtp://me%40x:p%3Aw@{server}"
        await SmtpMailer(url, sender=SENDER, tls_context=trusting(certificate)).send(MAIL)
        with pytest.raises(MailDelayedError, match="535"):
            await SmtpMailer(url.replace("p%3Aw", "no"), sender=SENDER, tls_context=trusting(certificate)).send(MAIL)
    assert len(postbox.taken) == 1


async def test_tls_from_the_first_byte(certificate: Path) -> None:
    postbox = Postbox()
    async with listening(postbox, tls=serving(certificate)) as server:
        await SmtpMailer(f"smtps://{server}", sender=SENDER, tls_context=trusting(certificate)).send(MAIL)
    assert len(postbox.taken) == 1


async def test_a_certificate_that_nobody_vouches_for_is_not_taken(certificate: Path) -> None:
    postbox = Postbox()
    async with listening(postbox, tls=serving(certificate)) as server:
        with pytest.raises(MailDelayedError):
            await SmtpMailer(f"smtps://{server}", sender=SENDER).send(MAIL)
    assert postbox.taken == []


async def test_beyond_loopback_nothing_is_said_in_plain_text() -> None:
    postbox = Postbox()
    async with listening(postbox, host="127.0.0.2", authenticator=_lets_in, auth_require_tls=False) as server:
        with pytest.raises(MailDelayedError):
            await SmtpMailer(f"smtp://me%40x:p%3Aw@{server}", sender=SENDER).send(MAIL)
    assert postbox.taken == []


@pytest.mark.parametrize(
    ("answers", "error", "codes"),
    [
        ({"rcpt": "550 5.1.1 no <ann@shop.example> here"}, MailRefusedError, "550 5.1.1"),
        ({"rcpt": "553 ann@shop.example is no name"}, MailRefusedError, "553"),
        ({"rcpt": "450 4.2.1 come back later, ann@shop.example"}, MailDelayedError, "450 4.2.1"),
        ({"data": "554 5.7.1 spam for ann@shop.example"}, MailRefusedError, "554 5.7.1"),
        ({"data": "451 4.3.0 my disk is full"}, MailDelayedError, "451 4.3.0"),
        ({"mail": "550 5.7.1 who are you"}, MailDelayedError, "550 5.7.1"),
        ({"mail": "421 4.3.2 going down"}, MailDelayedError, "421 4.3.2"),
    ],
)
async def test_a_refusal_for_good_and_one_for_now(answers: dict[str, str], error: type[Exception], codes: str) -> None:
    async with listening(Postbox(**answers)) as server:
        with pytest.raises(error) as refused:
            await SmtpMailer(f"smtp://{server}", sender=SENDER).send(MAIL)
    assert f" {codes} (" in str(refused.value)
    assert MAIL.to not in repr(refused.value)
    assert refused.value.__suppress_context__


async def test_no_server_at_all(unused_tcp_port: int) -> None:
    with pytest.raises(MailDelayedError):
        await SmtpMailer(f"smtp://127.0.0.1:{unused_tcp_port}", sender=SENDER).send(MAIL)


async def _hangs_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _hangs_up_in_the_middle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 hello\r\n")
    while line := await reader.readline():
        writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
        if line.startswith(b"DATA"):
            await reader.readline()
            writer.close()
            return


async def _is_no_mail_server(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await writer.drain()


async def _never_stops_talking(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220-hello\r\n" * 100_000)
    await writer.drain()


@pytest.mark.parametrize("talk", [_hangs_up, _hangs_up_in_the_middle, _is_no_mail_server, _never_stops_talking])
async def test_a_server_that_breaks_off_or_talks_nonsense_is_tried_again(talk: Talk) -> None:
    async with talking(talk) as server:
        with pytest.raises(MailDelayedError):
            await SmtpMailer(f"smtp://{server}", sender=SENDER, patience=2).send(MAIL)


async def _says_nothing(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _drips(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 ")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _answers_each_line_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 hello\r\n")
    while await reader.readline():
        await asyncio.sleep(0.3)
        writer.write(b"250 OK\r\n")


@pytest.mark.parametrize("talk", [_says_nothing, _drips, _answers_each_line_late])
async def test_patience_ends_for_the_whole_mail(talk: Talk) -> None:
    async with talking(talk) as server:
        start = perf_counter()
        with pytest.raises(MailDelayedError):
            await SmtpMailer(f"smtp://{server}", sender=SENDER, patience=0.5).send(MAIL)
        assert perf_counter() - start < 5


async def test_a_mail_that_was_taken_is_sent_even_when_the_goodbye_gets_lost() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        while not (line := await reader.readline()).startswith(b"QUIT"):
            if line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"250 OK\r\n")

    async with talking(talk) as server:
        await SmtpMailer(f"smtp://{server}", sender=SENDER).send(MAIL)


@pytest.mark.parametrize(
    "to",
    [
        "ann@shop.example\r\nBcc: bob@shop.example",
        "ann@shop.example\n",
        "ann@shop.example, bob@shop.example",
        "ann@shop.example> SIZE=1 <bob@shop.example",
        "Ann <ann@shop.example>",
        "ann",
        "@shop.example",
        "ann@",
        "ann@shop.example\0",
        "änn@shop.example",
        "a" * 250 + "@b.example",
        "",
    ],
)
def test_an_address_is_one_address(to: str) -> None:
    with pytest.raises(InvalidInputError):
        Mail(to, "subject", "text")


@pytest.mark.parametrize("subject", ["a\r\nBcc: bob@shop.example", "a\nb", "a\u2028b", "", "x" * 201])
def test_a_subject_is_one_line(subject: str) -> None:
    with pytest.raises(InvalidInputError):
        Mail("ann@shop.example", subject, "text")


async def test_into_a_folder_for_its_owner_alone_and_not_into_the_log(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "mail"
    with capture_logs() as lines:
        await asyncio.gather(*(FolderMailer(folder, sender=SENDER).send(MAIL) for _ in range(20)))
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == sorted(line["file"] for line in lines)
    assert len(files) == 20
    assert {(line["event"], len(line)) for line in lines} == {("mail.written", 3)}
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    message = email.message_from_bytes(files[0].read_bytes(), policy=default)
    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)


async def test_a_folder_that_cannot_be_written_delays_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    with pytest.raises(MailDelayedError):
        await FolderMailer(tmp_path / "mail", sender=SENDER).send(MAIL)


def test_the_settings_choose_the_mailer(tmp_path: Path) -> None:
    assert isinstance(mailer(Settings(smtp_url="smtp://mail.example")), SmtpMailer)
    assert isinstance(mailer(Settings(data_dir=tmp_path)), FolderMailer)


LETTERS = [
    verification("ann@shop.example", name="Ann", link=LINK, lifetime=timedelta(hours=24)),
    password_reset("ann@shop.example", name="Ann", link=LINK, lifetime=timedelta(minutes=30)),
    password_changed("ann@shop.example", name="Ann", at=datetime(2026, 11, 22, 9, 5, tzinfo=UTC), link=LINK),
    invitation("ann@shop.example", organization="Acme", invited_by="Bob", link=LINK, lifetime=timedelta(days=7)),
]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.subject)
def test_a_letter_is_short_and_says_the_same_twice(letter: Mail) -> None:
    assert letter.html
    assert f"\n\n{LINK}\n\n" in letter.text
    assert f'<a href="{LINK.replace("&", "&amp;")}">' in letter.html
    assert not {"src=", "<img", "<link", "<style", "<script", "url("} & set(letter.html.split())
    assert letter.html.count("http") == 1
    assert len(letter.text) < 600
    first, *_ = letter.text.split("\n\n")
    assert f"<p>{first}</p>" in letter.html


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        *zip(
            LETTERS, ["for 24 hours", "for 30 minutes", "on 22 November 2026 at 09:05 (UTC)", "for 7 days"], strict=True
        )
    ],
)
def test_when_is_told(letter: Mail, words: str) -> None:
    assert words in letter.text
    assert words in (letter.html or "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Café Zoë & Sons", "Café Zoë & Sons"),
        ("Click https://evil.example/now", "Click https evil. example now"),
        ("win@evil.example", "win evil. example"),
        ("a\r\nBcc: bob@shop.example", "a Bcc bob shop. example"),
        ("\u202eelgoog", "elgoog"),
        ("x" * 10_000, "x" * 60),
        ("\n", "there"),
    ],
)
def test_a_strangers_name_carries_no_link_and_no_line(name: str, shown: str) -> None:
    letter = invitation("ann@shop.example", organization=name, invited_by=name, link=LINK, lifetime=timedelta(days=7))
    assert letter.subject == f"You are invited to {shown}"
    assert f"{shown} invites you to work with {shown} in Parley:" in letter.text


def test_a_name_is_no_markup() -> None:
    letter = verification("ann@shop.example", name="<b onclick=x>Ann", link=LINK, lifetime=timedelta(hours=1))
    assert "<p>Hello &lt;b onclick=x&gt;Ann,</p>" in (letter.html or "")
