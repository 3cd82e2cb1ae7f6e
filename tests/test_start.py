"""Processes start soon: each imports what it needs, and nothing that is slow and seldom used."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from infra.cli import COMMANDS, loaded
from infra.process.late import Late
from tests.test_architecture import ROOT, sources


def imported_by(statement: str) -> set[str]:
    """The modules that are there after a statement in a process of its own."""
    command = [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def late_names(path: Path) -> list[str]:
    """What a file says it imports late."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "Late"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


LATE = sorted({name for path in sources() for name in late_names(path)})


@pytest.mark.parametrize("module", ["infra.cli", "resolvers.app", "workers.main"])
def test_what_is_imported_late_is_not_imported_at_the_start(module: str) -> None:
    assert imported_by(f"import {module}") & set(LATE) == set()


def test_the_command_line_alone_imports_nothing_of_what_its_commands_do() -> None:
    found = imported_by("import infra.cli")
    assert {name for name in found if name.startswith("infra.commands.")} == set()
    assert found & {"infra.bootstrap", "infra.rows", "strawberry", "sqlmodel"} == set()


@pytest.mark.parametrize("name", LATE)
def test_what_is_imported_late_is_there(name: str) -> None:
    late = Late(name)
    assert isinstance(late, ModuleType)
    assert late.__dict__.keys().isdisjoint({"__file__", "__path__"}), "not imported yet"
    public = next(each for each in vars(import_module(name)) if not each.startswith("__"))
    assert getattr(late, public) is getattr(import_module(name), public)


def test_the_collector_rests_while_a_program_is_imported_and_then_leaves_that_alone(tmp_path: Path) -> None:
    told = "print(gc.isenabled(), gc.get_freeze_count() > 0)"
    (tmp_path / "stand_in.py").write_text(f"import gc\n{told}\ndef main() -> None:\n    {told}\n")
    command = [sys.executable, "-m", "infra.process.start", "stand_in"]
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False False\nTrue True\n"


def test_what_is_missing_is_told_at_its_first_use() -> None:
    late = Late("infra.process.nothing_of_the_kind")
    with pytest.raises(ModuleNotFoundError, match="nothing_of_the_kind"):
        _ = late.anything


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_each_command_what_the_command_says(name: str) -> None:
    assert loaded(name).help.partition("\n\n")[0].replace("\n", " ") == COMMANDS[name].about
