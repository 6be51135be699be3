"""The law of the house: a module imports only from rooms above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from support import REPOSITORY

# From the ground up. A room is a module or a package of `kb`; its own modules may import
# each other. The command stands last, since `kb serve` opens the page.
ROOMS = (
    "records",
    "errors",
    "settings",
    "arrays",
    "runs",
    "sentences",
    "enumerations",
    "expected",
    "readers",
    "readings",
    "corpus",
    "passages",
    "preview",
    "adaptation",
    "bert",
    "embedding",
    "cross_encoder",
    "variants",
    "lexical",
    "acronyms",
    "vocabulary",
    "opposites",
    "spelling",
    "premises",
    "definitions",
    "phrasing",
    "interaction",
    "extractive",
    "weights",
    "cache",
    "tables",
    "index",
    "building",
    "stores",
    "frameworks",
    "corpus_check",
    "questions",
    "imprint",
    "matching",
    "listing",
    "search",
    "ranking",
    "selection",
    "confidence",
    "focus",
    "answer",
    "findings",
    "compare",
    "evidence",
    "maps",
    "references",
    "export",
    "collection",
    "inventory",
    "asking",
    "library",
    "watch",
    "evaluation",
    "commands",
    "ui",
    "cli",
)
# Packages that only these rooms may import, "app" being `app.py`.
OWNERS = {
    "streamlit": {"ui", "app"},
    "altair": {"ui"},
    "faiss": {"index"},
    "torch": {"embedding", "cross_encoder"},
    "sentence_transformers": {"embedding", "cross_encoder"},
    "openvino": {"bert", "embedding", "cross_encoder"},
    "bm25s": {"lexical"},
    "rapidfuzz": {"spelling"},
    "langchain_text_splitters": {"passages"},
    "sqlalchemy": {"collection"},
    "typer": {"cli", "commands", "evaluation"},
    "citeproc": {"references"},
    "ir_measures": {"evaluation"},
    "docx": {"export", "readers"},
    "pptx": {"export", "readers"},
}
# Heavy packages that a question asked of a built index must not import.
DEFERRED = {
    "torch",
    "sentence_transformers",
    "transformers",
    "huggingface_hub",
    "openvino",
    "langchain_text_splitters",
}
FILES = (*sorted((REPOSITORY / "kb").rglob("*.py")), REPOSITORY / "app.py")


@dataclass(frozen=True)
class Import:
    """One imported module and where the statement stands."""

    module: str
    line: int
    deferred: bool


def module_of(file: Path) -> str:
    """Dotted name of a file of the project."""
    name = file.relative_to(REPOSITORY).with_suffix("").as_posix().replace("/", ".")
    return name.removesuffix(".__init__")


def room_of(module: str) -> str:
    """The room that a module of `kb` belongs to; empty for `kb` itself."""
    parts = module.split(".")
    return parts[0] if parts[0] == "app" else ".".join(parts[1:2])


MODULES = {module_of(file): file for file in FILES}


@cache
def imports_of(file: Path) -> tuple[Import, ...]:
    """Every import statement of a file, wherever it stands."""
    return tuple(_imports(ast.parse(file.read_text(encoding="utf-8")), deferred=False))


def _imports(node: ast.AST, *, deferred: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, deferred) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"a relative import in line {child.lineno}"
            base = child.module or ""
            for alias in child.names:
                whole = f"{base}.{alias.name}"
                yield Import(whole if whole in MODULES else base, child.lineno, deferred)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, deferred=deferred or inside)


def test_every_module_stands_in_a_room() -> None:
    """A new room gets its place in the order before anything imports it."""
    rooms = {room_of(module) for module in MODULES}
    assert rooms <= {*ROOMS, "", "app"}


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_a_module_imports_only_from_rooms_above_it(file: Path) -> None:
    """Also inside functions; the core never imports the page or the command."""
    own = room_of(module_of(file))
    place = len(ROOMS) if own == "app" else ROOMS.index(own) if own else -1
    for found in imports_of(file):
        if found.module.split(".")[0] != "kb":
            continue
        room = room_of(found.module)
        above = room == own or not room or ROOMS.index(room) < place
        assert above, f"{file.name}:{found.line} imports {found.module} from a room below"


@pytest.mark.parametrize("package", OWNERS)
def test_a_package_is_imported_in_its_own_rooms_only(package: str) -> None:
    """Whoever wants to replace it knows where to look."""
    users = {
        room_of(module)
        for module, file in MODULES.items()
        for found in imports_of(file)
        if found.module.split(".")[0] == package
    }
    assert users <= OWNERS[package]


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_heavy_packages_are_imported_inside_functions_only(file: Path) -> None:
    """Importing a module of ours never loads torch."""
    early = [
        f"{file.name}:{found.line} imports {found.module}"
        for found in imports_of(file)
        if found.module.split(".")[0] in DEFERRED and not found.deferred
    ]
    assert early == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    """Raises `CycleError` with the circle, if there is one."""
    graph = {
        module: {
            found.module
            for found in imports_of(file)
            if found.module in MODULES and found.module != module and not found.deferred
        }
        for module, file in MODULES.items()
    }
    order = list(TopologicalSorter(graph).static_order())
    assert set(order) == set(MODULES)


def test_the_page_starts_from_a_short_file() -> None:
    """`app.py` configures, navigates and runs, and does nothing else."""
    assert len((REPOSITORY / "app.py").read_text(encoding="utf-8").splitlines()) <= 40
