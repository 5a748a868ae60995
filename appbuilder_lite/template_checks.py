"""Whether the templates that views and the frame name exist, asked of the app's own loaders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, ChoiceLoader, ModuleLoader, PrefixLoader, TemplateNotFound

from appbuilder_lite.errors import Problem
from appbuilder_lite.settings import LAYOUT
from appbuilder_lite.web.assets import TEMPLATE_FOLDER
from appbuilder_lite.web.view import BaseView


def check_templates(app: Flask, frame: str, views: Iterable[BaseView]) -> Iterator[Problem]:
    """The frame's template and those of the views; first of all whether the app can load templates of ours."""
    fault = "" if (loader := _loader_of(app)) is None else _fault_of_loader(app, loader)
    if fault:
        fix = (
            "Flask asks app.jinja_loader for the source of each template, ours too: return compiled templates "
            "from create_global_jinja_loader() of the app's class, before those of Flask's own loader"
        )
        yield Problem("AB213", "app.jinja_loader", f"no page can be made: {fault}", fix)
        return
    yield from _missing(app, "base_template", frame)
    for view in views:
        for option in sorted(name for name in dir(type(view)) if name.endswith("_template") and name[0] != "_"):
            name = getattr(view, option)
            if isinstance(name, str) and name:
                yield from _missing(app, f"{type(view).__module__}.{type(view).__qualname__}.{option}", name)


def _missing(app: Flask, where: str, name: str) -> Iterator[Problem]:
    loader = _loader_of(app)
    if (TEMPLATE_FOLDER / name).is_file() or (loader is not None and _has(loader, _environment_of(app), name)):
        return
    fix = "put it into the app's templates folder, or register the blueprint that holds it first"
    yield Problem("AB213", where, f"there is no template {name!r}", fix)


def _loader_of(app: Flask) -> BaseLoader | None:
    """What the app finds templates by, or will: making `app.jinja_env` here would fix its options too early."""
    if "jinja_env" in vars(app):
        return app.jinja_env.loader
    chosen: BaseLoader = app.jinja_options.get("loader") or app.create_global_jinja_loader()
    return chosen


def _environment_of(app: Flask) -> Environment:
    return app.jinja_env if "jinja_env" in vars(app) else Environment(app)


def _fault_of_loader(app: Flask, loader: BaseLoader) -> str:
    """Why the loader can answer for no template; it need not know ours, which are not registered yet."""
    try:
        _has(loader, _environment_of(app), LAYOUT)
    except RuntimeError as error:
        return str(error)
    return ""


def _has(loader: BaseLoader, environment: Environment, name: str) -> bool:
    """Whether a loader has a template, which is not compiled for it; one that cannot tell is believed."""
    if isinstance(loader, ChoiceLoader):
        return any(_has(inner, environment, name) for inner in loader.loaders)
    try:
        if isinstance(loader, PrefixLoader):
            inner, local = loader.get_loader(name)
            return _has(inner, environment, local)
        if isinstance(loader, ModuleLoader):
            loader.load(environment, name)
        elif loader.has_source_access:
            loader.get_source(environment, name)
    except TemplateNotFound:
        return False
    return True
