"""Regular expressions that cannot be made to hang: Rust's engine, whose time is linear in the text, by pydantic."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic_core import SchemaError


@lru_cache(maxsize=16)  # small, since each may take megabytes
def _compiled(pattern: str) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, StringConstraints(pattern=pattern)])


class LinearPatterns:
    """Without look-around and back-references, which no engine has in linear time; at most 10 MB a pattern."""

    def problem(self, pattern: str) -> str | None:
        """Why a pattern cannot be used."""
        try:
            _compiled(pattern)
        except SchemaError as error:
            return f"This is not a regular expression that can be used: {str(error).strip().splitlines()[-1]}"
        return None

    def found(self, pattern: str, text: str) -> bool:
        """Whether it matches anywhere in the text."""
        try:
            _compiled(pattern).validate_python(text)
        except ValidationError:
            return False
        return True
