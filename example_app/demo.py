"""`make demo`: the shop with sample data, somebody who may do everything, and a server.

The first run makes the tables and the data; later runs only start the server. `DATABASE_URL` names another database.
"""

import logging
import os
import secrets
import time
from pathlib import Path
from random import Random
from typing import Any

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from appbuilder_lite import migrating
from example_app.shop import config, create_app, seed
from example_app.shop.admin import ShopSecurity, appbuilder
from example_app.shop.extensions import db
from example_app.shop.models import Account, Customer

ADMIN = "owner@example.com"
CLERK = "clerk@example.com"
CLERK_ROLE = "Clerk"
CLERK_MAY = {
    "OrderView": ("can_list", "can_show", "can_edit", "ship"),
    "OrderItemView": ("can_list", "can_show"),
    "CustomerView": ("can_list", "can_show"),
}


@click.command()
@click.option("--orders", default=20_000, show_default=True, type=click.IntRange(min=1), help="How many, when made.")
@click.option("--port", default=5000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--folder", default=config.INSTANCE_FOLDER, type=click.Path(path_type=Path), help="Where its files are.")
@click.option("--server/--no-server", default=True, help="Whether to start the server when all is there.")
@click.option("--reset-password", is_flag=True, help="Give the sample accounts a new password.")
def main(orders: int, port: int, folder: Path, server: bool, reset_password: bool) -> None:
    """Run the shop with its staff pages, on sample data that it makes itself."""
    # Alembic tells each step; a demo has better things to say.
    logging.disable(logging.INFO)
    app = create_app(settings(folder))
    with app.app_context():
        make_tables()
        password = Passwords(folder).prepare(orders, is_new=reset_password)
        make_staff()
        db.session.remove()
        db.engine.dispose()
    logging.disable(logging.NOTSET)
    introduce(app, password, port if server else None)
    if server:
        app.run("127.0.0.1", port)


def settings(folder: Path) -> dict[str, Any]:
    """What a shop in `folder` needs beyond the environment: its database file, and the key that is kept there."""
    found: dict[str, Any] = {}
    if not os.environ.get("SECRET_KEY"):
        found["SECRET_KEY"] = config.kept_secret_key(folder)
    if not os.environ.get("DATABASE_URL"):
        found["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder.resolve() / 'shop.sqlite'}"
    return found


def make_tables() -> None:
    """Bring the shop's tables to their newest revision, then those that it was extended by, then the permissions."""
    try:
        upgrade()
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error.orig}") from error
    migrating.upgrade(db, security().models)
    security().sync.run(security().declared)


class Passwords:
    """The password of the sample accounts, kept in the demo's folder so that a second run can tell it again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "demo_password"

    def prepare(self, orders: int, *, is_new: bool) -> str | None:
        """Fill an empty shop; the password that its accounts have, None where somebody changed it."""
        if db.session.scalar(select(Customer.id).limit(1)) is None:
            self.fill(orders)
        elif is_new:
            self.reset()
        account = security().find_user(ADMIN)
        known = self.file.read_text(encoding="ascii") if self.file.exists() else ""
        return known if known and account is not None and account.check_password(known) else None

    def fill(self, orders: int) -> None:
        began = time.monotonic()
        click.echo(f"Making a shop with {orders:,} orders ...")
        seed.fill(orders, Random(1), self.make())
        click.echo(f"... done in {time.monotonic() - began:.1f} s.")

    def reset(self) -> None:
        password = self.make()
        for account in db.session.scalars(select(Account).where(Account.email.in_(seed.ACCOUNTS))):
            security().reset_password(account.id, password, commit=False)
        db.session.commit()

    def make(self) -> str:
        """A new password, written where only its owner can read it."""
        password = secrets.token_urlsafe(9)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.unlink(missing_ok=True)
        config.write_once(self.file, password)
        return password


def make_staff() -> None:
    """Make the owner an administrator, and give the clerk a role with a few permissions; once."""
    sm = security()
    owner, clerk = sm.find_user(ADMIN), sm.find_user(CLERK)
    if owner is not None and not sm.get_user_roles(owner):
        sm.set_user_roles(owner, [sm.find_role("Admin")])
    if clerk is None or sm.find_role(CLERK_ROLE) is not None:
        return
    role = sm.add_role(CLERK_ROLE)
    for view, permissions in CLERK_MAY.items():
        for permission in permissions:
            sm.add_permission_role(role, sm.find_permission_view_menu(permission, view))
    sm.set_user_roles(clerk, [role])


def introduce(app: Flask, password: str | None, port: int | None) -> None:
    """Say where to go, and as whom."""
    url = f"http://127.0.0.1:{port}" if port is not None else ""
    lines = [
        "",
        f"  Shop         {url}/",
        f"  Staff pages  {url}/admin",
        "",
        f"  Administrator  {ADMIN}",
        f"  Clerk          {CLERK} (may see customers and ship orders)",
        f"  Password       {password or 'was changed since, or set by another run'}",
        "                 A new one: python -m example_app.demo --reset-password",
        "",
    ]
    click.echo("\n".join(lines))


def security() -> ShopSecurity:
    """The security manager of the current app."""
    sm = appbuilder.sm
    assert isinstance(sm, ShopSecurity), "set in admin.py"
    return sm


if __name__ == "__main__":
    main()
