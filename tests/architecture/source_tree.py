"""The source of this checkout as parsed modules, for tests that look at how it is written."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "tijdig"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the root of the checkout, its text and what it parses to."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The package of tijdig that it is in: `core` for src/tijdig/core/law/terms.py."""
        parts = self.path.relative_to(Path("src", "tijdig")).parts
        return parts[0].removesuffix(".py")


def list_modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file in these folders of the checkout, the generated migrations left out."""
    paths = (path for folder in folders for path in list_paths(folder, suffix=".py"))
    return tuple(read_module(path) for path in paths if "migrations" not in path.parts)


def list_paths(folder: str, *, suffix: str) -> Iterator[Path]:
    """Our own files below a folder; not those of an environment that somebody installed there."""
    for parent, folders, names in os.walk(ROOT / folder):
        foreign = {"pyvenv.cfg", "CACHEDIR.TAG"} & set(names)
        folders[:] = [] if foreign else sorted(one for one in folders if not one.startswith("."))
        if not foreign:
            yield from (Path(parent, name) for name in sorted(names) if name.endswith(suffix))


@cache
def read_module(path: Path) -> Module:
    """One file, parsed; once, whichever folders a test asks for."""
    text = path.read_text(encoding="utf-8")
    return Module(path.relative_to(ROOT), text, ast.parse(text, str(path)))


def list_functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, _FUNCTIONS):
            yield node


def list_public(tree: ast.Module) -> Iterator[Definition]:
    """Public classes and functions of a module, and the public methods of those classes.

    A class with a base says itself what it is for; what its methods do, the base says.
    """
    for node in tree.body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef) and not node.bases:
            yield from (
                inner
                for inner in node.body
                if isinstance(inner, _FUNCTIONS) and not inner.name.startswith("_")
            )


def list_imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, in full: {"date": "datetime.date"}."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                top = one.name.split(".")[0]
                found[one.asname or top] = one.name if one.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


def list_named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and dotted name in use, in full, with its line: (3, "datetime.date.today")."""
    imports = list_imports(tree)
    for node in ast.walk(tree):
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in imports:
            yield node.lineno, ".".join([imports[node.id], *reversed(parts)])


def list_strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every piece of text that is not a docstring, with its line."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | Definition)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.lineno, node.value
