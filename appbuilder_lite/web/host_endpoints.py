"""Links of the menu to endpoints of the host's own, whose addresses may have parts that the host fills in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, url_for
from werkzeug.routing import BuildError

log = logging.getLogger("appbuilder_lite")


def needs_values(app: Flask, endpoint: str) -> bool:
    """Whether every address of an endpoint has a part without a value of its own; False where there is none."""
    rules = list(app.url_map.iter_rules(endpoint)) if endpoint in app.view_functions else []
    return bool(rules) and all(rule.arguments - set(rule.defaults or ()) for rule in rules)


def has_defaults(app: Flask, endpoint: str) -> bool:
    """Whether functions of the host (`@app.url_defaults`, or a blueprint's) may fill in parts of its addresses."""
    parts = endpoint.split(".")[:-1]
    scopes = [None, *(".".join(parts[: count + 1]) for count in range(len(parts)))]
    return any(app.url_default_functions.get(scope) for scope in scopes)


@dataclass(slots=True)
class LeadsSomewhere:
    """A menu's condition: whether the link can be made in this request, after what the host says of it.

    What the host's functions fill in may hang on the request, as a language does, and be there in some only.
    """

    app: Flask
    endpoint: str
    condition: Callable[[], bool] | None
    _needs_values: bool | None = field(default=None, init=False)
    _is_told: bool = field(default=False, init=False)

    def __call__(self) -> bool:
        if self.condition is not None and not self.condition():
            return False
        if self._needs_values is None:
            # The host may have added the endpoint after the link, but not after the first request.
            self._needs_values = needs_values(self.app, self.endpoint)
        return not self._needs_values or self._can_be_built()

    def _can_be_built(self) -> bool:
        try:
            url_for(self.endpoint)
        except BuildError as error:
            if not self._is_told:
                log.warning(
                    "The menu leaves out the link to %r where nobody fills in its address: %s", self.endpoint, error
                )
            self._is_told = True
            return False
        return True
