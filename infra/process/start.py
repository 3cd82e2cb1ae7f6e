"""`python -m infra.process.start resolvers.app`: runs a program of Parley, whose modules are imported undisturbed."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module


@contextmanager
def undisturbed() -> Iterator[None]:
    """Import without the collector, which would walk the growing heap of classes again and again and find nothing.

    That is a fifth of the time of a start. What was imported stays for good, so no later collection looks at it either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def program(module: str) -> None:
    """Import a module and run its `main`."""
    with undisturbed():
        found = import_module(module)
    found.main()


if __name__ == "__main__":
    program(sys.argv[1])
