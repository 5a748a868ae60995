"""Addresses of our own pages and files, made once: of a request they depend on nothing but where the app is mounted."""

from __future__ import annotations

from typing import Any

from flask import Flask, has_request_context, request, url_for

from appbuilder_lite.web.host_endpoints import has_defaults
from appbuilder_lite.web.state import AppState


def address(state: AppState, endpoint: str, **values: Any) -> str:
    """What `url_for` says of an endpoint of ours. It is kept, so there may be but few different `values`.

    Where functions of the host may fill in addresses (`@app.url_defaults`), or the app has several hosts, it is made
    anew each time, as it may hang on the request.
    """
    if not has_request_context():
        return url_for(endpoint, **values)
    root = request.script_root
    path = state.paths.get((endpoint, *values.items()))
    if path is not None:
        return root + path
    url = url_for(endpoint, **values)
    if url.startswith(f"{root}/") and not hangs_on_request(state.app, endpoint):
        state.paths[(endpoint, *values.items())] = url[len(root) :]
    return url


def hangs_on_request(app: Flask, endpoint: str) -> bool:
    """Whether addresses of this endpoint may be others in other requests, but for where the app is mounted."""
    return app.subdomain_matching or app.url_map.host_matching or has_defaults(app, endpoint)
