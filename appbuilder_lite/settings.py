"""The settings of one app: one table is the code, the defaults and the documentation."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as dataclass_field
from typing import Any

from appbuilder_lite.errors import Problem

PREFIX = "APPBUILDER_"

LAYOUT = "appbuilder_lite/layout.html"
"""The frame of our own."""
DEFAULT_CSP = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def _setting(default: Any, doc: str, *, fab: str | None = None, choices: tuple[Any, ...] = ()) -> Any:
    metadata = {"default": default, "doc": doc, "fab": fab, "choices": choices}
    return dataclass_field(default_factory=lambda: default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of one AppBuilder in one app, read once from `app.config`.

    Each attribute `x` is read from `APPBUILDER_X`; where Flask-AppBuilder has a key for it, that key is
    accepted too. Both set and different is a problem.
    """

    app_name: str = _setting("Admin", "Name shown in the header and in page titles.", fab="APP_NAME")
    theme: Mapping[str, Any] = _setting(
        {}, "Colours and shapes: `accent`, `radius`, `density`, `brand`, `logo`; see the page on the look."
    )
    banner: str = _setting("", "Words above every page that tell one environment from another, as `Staging`.")
    stylesheets: tuple[str, ...] = _setting(
        (), "Stylesheets of the host on every page, after ours: addresses, or files of its `static` folder."
    )
    scripts: tuple[str, ...] = _setting(
        (), "Scripts of the host on every page, after ours: addresses, or files of its `static` folder."
    )
    base_template: str = _setting(
        LAYOUT, "Template that every page extends; another one puts our pages inside the host's own frame."
    )
    url_prefix: str = _setting("/admin", "Where our pages live; an empty string puts them at the root.")
    name: str = _setting("appbuilder", "Prefix of our endpoints; an empty string gives Flask-AppBuilder's endpoints.")
    table_prefix: str = _setting("ab_", "Prefix of our tables' names.")
    schema: str | None = _setting(None, "Database schema of our tables; None is the connection's default.")
    admin_role: str = _setting("Admin", "Name of the role that may do everything.", fab="AUTH_ROLE_ADMIN")
    public_role: str = _setting("Public", "Name of the role of anonymous visitors.", fab="AUTH_ROLE_PUBLIC")
    roles: Mapping[str, Any] = _setting(
        {},
        "Roles kept in code: `{role: [[view_menu, permission], ...]}`; each is a regular expression that must match "
        "the whole name.",
        fab="FAB_ROLES",
    )
    sync: str = _setting(
        "auto",
        "When permission records are created: `auto` (before the first request to our pages), `check` (only report), "
        "`off`.",
        choices=("auto", "check", "off"),
    )
    csp: str | None = _setting(
        DEFAULT_CSP, "Content-Security-Policy of our pages; None sends none; a header that the host set is kept."
    )
    choices_limit: int = _setting(100, "Largest number of related records offered in a `<select>`.")
    max_page_size: int = _setting(
        250, "Largest page size that a request may ask for (1 to 1000).", fab="FAB_API_MAX_PAGE_SIZE"
    )
    list_count: str = _setting(
        "capped",
        "How lists count their rows: `exact`, `capped` (up to 10,000), `estimated` (by the database's statistics) or "
        "`none`.",
        choices=("exact", "capped", "estimated", "none"),
    )
    max_export_rows: int = _setting(
        100_000, "Largest number of records that a list is exported with; where there are more, it is not exported."
    )
    search_views: int = _setting(20, "Most views that the search over all views looks into, in the order of the menu.")
    username_ci: bool = _setting(True, "Sign-in names match without regard to case.", fab="AUTH_USERNAME_CI")
    password_min_length: int = _setting(8, "Fewest characters of a new password.")
    password_hash_method: str = _setting(
        "scrypt:32768:8:1", "Werkzeug's method string for new password hashes.", fab="FAB_PASSWORD_HASH_METHOD"
    )
    session_hours: int = _setting(12, "Hours after which a sign-in of ours ends, however busy it is.")
    logout_redirect_url: str | None = _setting(
        None, "Where signing out leads; None is our sign-in page.", fab="LOGOUT_REDIRECT_URL"
    )
    add_security_views: bool = _setting(
        True, "Whether the pages for users, roles and permissions exist.", fab="FAB_ADD_SECURITY_VIEWS"
    )
    security_manager_class: str | None = _setting(
        None,
        "Dotted path of the SecurityManager subclass, as `shop.security.MyManager`.",
        fab="FAB_SECURITY_MANAGER_CLASS",
    )
    index_view: str | None = _setting(
        None, "Dotted path of the IndexView subclass behind the home page.", fab="FAB_INDEX_VIEW"
    )
    max_form_bytes: int = _setting(
        16 * 1024 * 1024, "Largest request body that our pages read, in bytes, where the host sets no limit."
    )


class _Reader:
    """Reads one setting after another and collects what is wrong with them."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.config = config
        self.problems: list[Problem] = []

    def read(self, name: str, metadata: Mapping[str, Any]) -> Any:
        default = metadata["default"]
        key, fab = PREFIX + name.upper(), metadata["fab"]
        if fab is not None and key in self.config and fab in self.config and self.config[key] != self.config[fab]:
            self._complain(
                "AB402", key, f"{key} and {fab} are both set and differ", f"keep {key} only; {fab} is its older name"
            )
        value = self.config[key] if key in self.config else self.config.get(fab or key, default)
        return self.checked(_place(key), value, metadata)

    def checked(self, where: str, value: Any, metadata: Mapping[str, Any]) -> Any:
        """The value if it can be used, else the setting's default."""
        default, choices = metadata["default"], metadata["choices"]
        fault = fix = ""
        if choices and value not in choices:
            allowed = ", ".join(repr(choice) for choice in choices)
            fault, fix = f"{value!r} is not one of {allowed}", f"use one of {allowed}"
        elif not _same_type(value, default):
            kind = _kind(default)
            fault, fix = f"{value!r} is not of type {kind}", f"give it a {kind}, e.g. {default!r}"
        elif isinstance(default, int) and not isinstance(default, bool) and value < 1:
            fault, fix = f"{value!r} is below 1", f"use a positive number, e.g. {default!r}"
        if fault:
            self.problems.append(Problem("AB403", where, fault, fix))
        return default if fault else value

    def unknown_keys(self, known: set[str]) -> None:
        for key in self.config:
            if key.startswith(PREFIX) and key not in known:
                short = {name.removeprefix(PREFIX): name for name in known}
                near = difflib.get_close_matches(key.removeprefix(PREFIX), short, n=1)
                hint = f"did you mean {short[near[0]]}?" if near else "see the settings page of the documentation"
                self._complain("AB401", key, f"{key} is no setting", hint)

    def _complain(self, check: str, key: str, message: str, fix: str) -> None:
        self.problems.append(Problem(check, _place(key), message, fix))


def _place(key: str) -> str:
    return f"app.config[{key!r}]"


def _kind(default: Any) -> str:
    if isinstance(default, tuple):
        return "list of texts"
    return type(default).__name__ if default is not None else "str or None"


def _same_type(value: Any, default: Any) -> bool:
    if default is None:
        return value is None or isinstance(value, str)
    if isinstance(default, bool):
        return isinstance(value, bool)
    if isinstance(default, int):
        return isinstance(value, int) and not isinstance(value, bool)
    if isinstance(default, Mapping):
        return isinstance(value, Mapping)
    if isinstance(default, tuple):
        return isinstance(value, list | tuple) and all(isinstance(part, str) and part for part in value)
    return isinstance(value, str) or (default == DEFAULT_CSP and value is None)


def read_settings(config: Mapping[str, Any], **overrides: Any) -> tuple[Settings, tuple[Problem, ...]]:
    """Read `APPBUILDER_*` from a Flask configuration; `overrides` that are not None beat it.

    Returns the settings (defaults in the place of what cannot be used) and every problem found.
    """
    reader = _Reader(config)
    values = {
        item.name: reader.checked(f"AppBuilder({item.name}=...)", overrides[item.name], item.metadata)
        if overrides.get(item.name) is not None
        else reader.read(item.name, item.metadata)
        for item in fields(Settings)
    }
    reader.unknown_keys({PREFIX + item.name.upper() for item in fields(Settings)})
    return Settings(**values), tuple(reader.problems)
