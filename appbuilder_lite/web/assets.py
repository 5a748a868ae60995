"""The blueprint of our templates and static files. An address with a fingerprint may be kept for ever."""

from __future__ import annotations

from flask import Blueprint, Response, request

from appbuilder_lite.web.rendering import STATIC_FOLDER, TEMPLATE_FOLDER

YEAR_SECONDS = 365 * 24 * 3600


class AssetBlueprint(Blueprint):
    """Serves the assets below the prefix; at the root they live below `/static/appbuilder`, as Flask-AppBuilder's."""

    def __init__(self, name: str, url_prefix: str) -> None:
        super().__init__(
            name,
            "appbuilder_lite",
            static_folder=str(STATIC_FOLDER),
            template_folder=str(TEMPLATE_FOLDER),
            static_url_path="/static" if url_prefix else "/static/appbuilder",
            url_prefix=url_prefix or None,
        )

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """A year for an address with a fingerprint, else what the app says."""
        return YEAR_SECONDS if "v" in request.args else super().get_send_file_max_age(filename)

    def send_static_file(self, filename: str) -> Response:
        """The file, never taken for another type than it is."""
        response = super().send_static_file(filename)
        response.headers["X-Content-Type-Options"] = "nosniff"
        if "v" in request.args:
            response.cache_control.immutable = True
        return response
