"""What a job learns from an organization's knowledge, as it is stored: the head, and how rare each word is."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import orjson

from infra.knowledge.spaces import UNSCALED, Scale
from infra.matching.head import Head
from infra.matching.terms import Terms

FORMAT = b"parley-learned-4\n"


@dataclass(frozen=True)
class Learned:
    """Head (where there are enough phrases), terms, and how cosines are scaled; empty before anything was learned."""

    head: Head | None = None
    terms: Terms = field(default_factory=Terms)
    scale: Scale = UNSCALED

    def to_bytes(self) -> bytes:
        """A format mark, the length of the packed scale and terms, these, the head."""
        scale = [self.scale.slope, self.scale.offset]
        terms = [self.terms.passages, self.terms.length, self.terms.frequency]
        packed = zlib.compress(orjson.dumps([scale, terms]), 6)
        return FORMAT + len(packed).to_bytes(4) + packed + (self.head.to_bytes() if self.head else b"")

    @classmethod
    def from_bytes(cls, data: bytes) -> Learned:
        """What `to_bytes` wrote; nothing learned where another version of Parley wrote it."""
        if not data.startswith(FORMAT):
            return cls()
        start = len(FORMAT) + 4
        end = start + int.from_bytes(data[len(FORMAT) : start])
        scale, terms = orjson.loads(zlib.decompress(data[start:end]))
        return cls(Head.from_bytes(data[end:]) if data[end:] else None, Terms(*terms), Scale(*scale))
