"""The page that a browser gets at the GraphQL path: GraphiQL, whose scripts come from the network that it names."""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from strawberry.http.ides import get_graphql_ide_html

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
ELSEWHERE = re.compile(r"""(?:src|href)="(https://[^/"]+)""")


@dataclass(frozen=True, slots=True)
class Page:
    """HTML, and the content security policy that lets it do what it has to and nothing else."""

    body: bytes
    policy: str


def graphiql() -> Page:
    """GraphiQL as Strawberry ships it, each script pinned by its hash; it may speak with this server alone."""
    html = get_graphql_ide_html().replace("Strawberry GraphiQL", "Parley GraphiQL")
    inline = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in INLINE.findall(html))
    elsewhere = " ".join(sorted(set(ELSEWHERE.findall(html))))
    policy = {
        "default-src": "'none'",
        "script-src": f"{inline} {elsewhere}",
        "style-src": f"'unsafe-inline' {elsewhere}",
        "img-src": "data:",
        "font-src": "data:",
        "connect-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return Page(html.encode(), "; ".join(f"{name} {value}" for name, value in policy.items()))
