"""The one way in which a module is imported late: when something of it is first used.

A few libraries take as long to import as all of Parley, and most processes never use them: a server asks no MCP server
and reads no PDF. Imports stand at the top all the same, where readers and checkers look for them:

    if TYPE_CHECKING:
        import openai
    else:
        openai = Late("openai")

Only what is slow and seldom deserves these lines; `tests/test_start.py` holds both. What a process certainly needs it
imports at once, so that nobody waits for it later.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from types import ModuleType
from typing import Any


class Late(ModuleType):
    """Stands for the module of its name; raises ImportError at the first use where that is missing.

    Safe with threads, since the import system locks each module; `importlib.util.LazyLoader` is not before Python 3.12.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


async def present(module: ModuleType) -> None:
    """Import a late module in a thread, since the event loop would stand still for as long as that takes."""
    await asyncio.to_thread(import_module, module.__name__)
