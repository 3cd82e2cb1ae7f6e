"""Small pages behind links: a form without scripts, in the reader's light or dark."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse, Response

STYLE = (
    ":root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "body{max-width:30rem;margin:4rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem}fieldset{border:0;padding:0;margin:0 0 1rem;display:flex;gap:.5rem}"
    "label.score{flex:1;border:1px solid;border-radius:.5rem;padding:.6rem 0;text-align:center;cursor:pointer}"
    "label.score:has(:checked){outline:2px solid;font-weight:700}"
    "textarea{width:100%;box-sizing:border-box;font:inherit;padding:.5rem;border-radius:.5rem}"
    "button{font:inherit;margin-top:1rem;padding:.6rem 1.4rem;border-radius:.5rem;border:1px solid;cursor:pointer}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
    "referrer-policy": "same-origin",  # under `no-referrer` browsers send the form from the origin `null`
}


def page(title: str, content: str, status: int = 200) -> Response:
    """The page; `content` is HTML, of which its maker has escaped what others wrote."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
    )
    return HTMLResponse(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{content}</body></html>', status, HEADERS
    )
