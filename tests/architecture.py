"""The rules of the house as data, and the reading of sources that finds what breaks them.

An import may only point down the table. Every import counts: late ones, those under TYPE_CHECKING, and
`import_module("...")` with a literal name.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

ROOT = "appbuilder_lite"


@dataclass(frozen=True)
class Row:
    """One layer: its modules and subpackages, by their name below the package."""

    parts: tuple[str, ...]
    see_each_other: bool = True


# From the bottom up. What stands together in one row of single modules may import each other, without a cycle.
LAYERS = (
    Row(("errors", "settings", "text")),
    Row(("data",)),
    Row(("resource", "security"), see_each_other=False),
    Row(("web",)),
    Row(("builtin",)),
    Row(("registration", "registration_checks")),
    Row(("template_checks",)),
    Row(("builder", "binding", "binding_checks", "migrating", "cli", "testing", "filters", "__init__")),
)
FLASK_PARTS = frozenset(
    {"web", "builtin", "builder", "binding", "binding_checks", "template_checks", "migrating", "cli", "testing"}
)
# One module turns text into HTML that is not escaped again.
MARKUP_MODULES = frozenset({f"{ROOT}.web.rendering"})
# Module -> why nothing narrower will do there.
BROAD_EXCEPT_MODULES: Mapping[str, str] = MappingProxyType(
    {
        f"{ROOT}.web.attempts": "a host's scope may raise anything, and a page over many views must not fall with one",
        f"{ROOT}.data.sqla_held": "a host's type may raise anything, and says that it does not hold the value by that",
        f"{ROOT}.data.sqla_unreadable": "a host's type may raise anything about what is stored, and the rest is shown",
        f"{ROOT}.data.failed": "a host's property may raise anything, and a list must not fall with one of its rows",
        f"{ROOT}.data.naming": "a host's __str__ may raise anything, and other records' pages name its records",
        f"{ROOT}.resource.made_defaults": "a model's default may raise anything, and a form can do without its value",
        f"{ROOT}.resource.hooks": "a host's hook after the commit may raise anything, and the record is saved by then",
    }
)

BROAD = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True)
class Import:
    """`module` imports `target`, a dotted name, at `line`."""

    module: str
    line: int
    target: str


def read_sources(package: Path) -> dict[str, str]:
    """Module name -> source of every module of a package on disk; a package goes by its own name."""
    sources = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        sources[name] = path.read_text(encoding="utf-8")
    return sources


def violations(sources: Mapping[str, str]) -> list[str]:
    """Everything in `sources` that breaks a rule, as lines that say where, what and what to do."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    found = [*_unknown_parts(trees), *_cycles(trees)]
    for module, tree in trees.items():
        found += _relative_imports(module, tree)
        found += _wrong_imports(module, tree, trees)
        found += _markup(module, tree)
        found += _broad_excepts(module, tree)
    return found


def imports(module: str, tree: ast.Module, known: Mapping[str, object]) -> Iterator[Import]:
    """Every import of a module; `from package import submodule` counts as the submodule."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(module, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield Import(module, node.lineno, submodule if submodule in known else node.module)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Import(module, node.lineno, first.value)


def _name(node: ast.expr | None) -> str:
    """The last part of a plain or dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _part(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def _row(module: str) -> int | None:
    return next((number for number, row in enumerate(LAYERS) if _part(module) in row.parts), None)


def _is_ours(name: str) -> bool:
    return name == ROOT or name.startswith(f"{ROOT}.")


def _unknown_parts(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    for module in trees:
        if _row(module) is None:
            yield f"{module}: stands in no layer; add {_part(module)!r} to LAYERS in tests/architecture.py"


def _relative_imports(module: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{module}:{node.lineno}: relative import; write the whole name, so that its layer shows"


def _wrong_imports(module: str, tree: ast.Module, known: Mapping[str, object]) -> Iterator[str]:
    for item in imports(module, tree, known):
        where = f"{module}:{item.line}: imports {item.target}"
        if _is_ours(item.target):
            fault = _direction(module, item.target)
            if fault:
                yield f"{where}, {fault}"
        elif _is_flask(item.target) and _part(module) not in FLASK_PARTS:
            yield f"{where}; only {', '.join(sorted(FLASK_PARTS))} know Flask"


def _is_flask(name: str) -> bool:
    top = name.partition(".")[0]
    return top == "flask" or top.startswith("flask_")


def _direction(module: str, target: str) -> str:
    """What is wrong with an import between two of our modules; empty when nothing is."""
    own, other = _row(module), _row(target)
    if own is None or other is None:
        return ""
    if other > own:
        return "which stands above it"
    if other == own and not LAYERS[own].see_each_other and _part(module) != _part(target):
        return "its sibling; move what both need down"
    return ""


def _cycles(trees: Mapping[str, ast.Module]) -> Iterator[str]:
    graph = {
        module: {item.target for item in imports(module, tree, trees) if item.target in trees} - {module}
        for module, tree in trees.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # The sorter names each module before the one that imports it.
        yield f"cycle: {' imports '.join(reversed(error.args[1]))}"


def _markup(module: str, tree: ast.Module) -> Iterator[str]:
    if module in MARKUP_MODULES:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom | ast.Attribute) and _is_markup(node):
            yield f"{module}:{node.lineno}: Markup; put the HTML into a template"


def _is_markup(node: ast.ImportFrom | ast.Attribute) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "Markup"
    return any(alias.name == "Markup" for alias in node.names)


def _broad_excepts(module: str, tree: ast.Module) -> Iterator[str]:
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler | ast.Call)]
    lines = [node.lineno for node in handlers if _is_broad(node)]
    if module not in BROAD_EXCEPT_MODULES:
        for line in lines:
            yield f"{module}:{line}: broad except; name the errors that this place can answer"
    elif not lines:
        yield f"{module}: has no broad except any more; take it off BROAD_EXCEPT_MODULES"


def _is_broad(node: ast.ExceptHandler | ast.Call) -> bool:
    """Whether an `except` or a `suppress()` swallows every error."""
    if isinstance(node, ast.Call):
        return _name(node.func) == "suppress" and any(_name(error) in BROAD for error in node.args)
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return node.type is None or any(_name(error) in BROAD for error in caught)
