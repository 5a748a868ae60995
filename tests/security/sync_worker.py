"""A process that writes when told to: run as `python -m tests.security.sync_worker <url> <permissions> <views>`.

Each line of its input is a command: `run` synchronises, `kill 7` does so and ends by SIGKILL at the seventh
statement, `add x` adds records called x through the manager. Each answer is a line of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event

from appbuilder_lite.errors import AppBuilderError
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.settings import Settings
from tests.security.managers import grid
from tests.statements import statements


class Records(logging.Handler):
    """Keeps what was logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def die_at(number: int) -> None:
    """End this process, without a chance to clean up, instead of sending statement `number`."""
    count = 0

    def count_down(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count_down)


def synchronise(manager: BaseSecurityManager, records: Records) -> dict[str, Any]:
    """One start of an app: what it did, and what went wrong."""
    records.texts.clear()
    with statements() as seen:
        try:
            result = manager.sync.run(manager.declared)
        except AppBuilderError as error:
            records.texts.append(repr(error))
            return {"errors": records.texts}
    return {"errors": records.texts, "statements": len(seen), "added": result.added, "done": result.done}


def add(manager: BaseSecurityManager, name: str, records: Records) -> dict[str, Any]:
    """Add a permission view, a role that has it and a group that has the role; their ids."""
    records.texts.clear()
    view = manager.add_permission_view_menu(f"can_{name}", name)
    role = manager.add_role(f"Role {name}", [view])
    manager.add_permission_role(role, view)
    group = manager.add_group(f"Group {name}", name, "", roles=[role])
    return {"errors": records.texts, "ids": [view.id, role.id, group.id]}


def main(url: str, permissions: int, views: int) -> None:
    app, db, records = Flask("worker"), SQLAlchemy(), Records()
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    logging.getLogger().addHandler(records)
    with app.app_context():
        manager = BaseSecurityManager(db, Settings())
        manager.declare(grid(permissions, views))
        print(json.dumps("ready"), flush=True)
        for line in sys.stdin:
            command, *words = line.split()
            if command == "kill":
                die_at(int(words[0]))
            answer = add(manager, words[0], records) if command == "add" else synchronise(manager, records)
            print(json.dumps(answer), flush=True)
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
