"""Who may do what, asked by Flask-AppBuilder's names."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from flask_login import AnonymousUserMixin
from werkzeug.local import LocalProxy

from appbuilder_lite.data.types import security_model
from appbuilder_lite.security.access import Access, Mark, Reason
from appbuilder_lite.security.manager import BaseSecurityManager
from tests.conftest import CountStatements, Host
from tests.security.accounts import account_manager
from tests.security.managers import add_user, grid, make_manager

LIST = Access("can_0", "View0")


@pytest.fixture
def synced(manager: BaseSecurityManager) -> BaseSecurityManager:
    """A manager with four permission views and a role Sales that has one of them."""
    manager.declare(grid(2, 2) | {Access("menu_access", "Shop"), Access("menu_access", "Office")})
    manager.ensure_synced()
    manager.add_role("Sales", [manager.find_permission_view_menu("can_0", "View0")])
    return manager


@pytest.fixture
def alice(synced: BaseSecurityManager) -> Any:
    return add_user(synced, "alice", synced.find_role("Sales"))


@pytest.fixture
def root(synced: BaseSecurityManager) -> Any:
    return add_user(synced, "root", synced.find_role("Admin"))


def test_a_role_lets_its_users_in_and_says_why(synced: BaseSecurityManager, alice: Any, root: Any) -> None:
    assert synced.can(alice, "can_0", "View0")
    assert not synced.can(alice, "can_1", "View0")
    assert synced.can(root, "can_1", "Whatever")
    assert synced.decide(alice, LIST).role == "Sales"
    assert synced.decide(root, LIST).reason is Reason.ADMIN
    assert synced.decide(None, LIST).reason is Reason.ANONYMOUS
    assert synced.decide(alice, Mark.SIGNED_IN)


def test_a_decision_is_one_statement(
    synced: BaseSecurityManager, alice: Any, root: Any, count_statements: CountStatements
) -> None:
    for user in (alice, root, None):
        assert user is None or user.active
        synced.can(user, "can_0", "View0")
        with count_statements() as seen:
            synced.can(user, "can_0", "View0")
        assert len(seen) == 1


def test_an_inactive_user_is_nobody(synced: BaseSecurityManager, root: Any) -> None:
    root.active = False
    assert not synced.can(root, "can_0", "View0")
    assert synced.principal_of(root).user is None


@pytest.mark.parametrize("stranger", [object(), AnonymousUserMixin(), "root", 1, LocalProxy(lambda: None)])
def test_what_is_no_user_of_ours_is_nobody(synced: BaseSecurityManager, root: Any, stranger: Any) -> None:
    assert not synced.principal_of(stranger).is_signed_in


def test_somebody_signed_in_who_is_no_user_of_ours_is_logged(
    synced: BaseSecurityManager, caplog: pytest.LogCaptureFixture
) -> None:
    class Visitor:
        is_authenticated = True

    assert not synced.principal_of(Visitor()).is_signed_in
    assert "Visitor" in caplog.text


def test_a_user_without_a_key_is_nobody(synced: BaseSecurityManager) -> None:
    assert not synced.principal_of(synced.models.user(username="new", active=True)).is_signed_in


def test_a_proxy_stands_for_its_user(synced: BaseSecurityManager, alice: Any) -> None:
    principal = synced.principal_of(LocalProxy(lambda: alice))
    assert principal.user is alice
    assert synced.can(LocalProxy(lambda: alice), "can_0", "View0")


def test_public_counts_for_everybody(synced: BaseSecurityManager, alice: Any) -> None:
    synced.add_permission_role(synced.get_public_role(), synced.find_permission_view_menu("can_1", "View1"))
    assert synced.can(None, "can_1", "View1")
    assert synced.is_item_public("can_1", "View1")
    assert synced.can(alice, "can_1", "View1")
    assert not synced.is_item_public("can_0", "View0")


def test_has_access_asks_for_whoever_makes_the_request(synced: BaseSecurityManager, alice: Any) -> None:
    assert not synced.has_access("can_0", "View0")
    synced.current_principal = lambda: synced.principal_of(alice)
    assert synced.has_access("can_0", "View0")
    assert not synced.has_access("can_1", "View0")


def test_menus_are_those_of_the_request(synced: BaseSecurityManager, root: Any) -> None:
    assert synced.get_user_menu_access() == set()
    synced.current_principal = lambda: synced.principal_of(root)
    assert synced.get_user_menu_access() == {"Shop", "Office"}
    assert synced.get_user_menu_access(["Shop", "Other"]) == {"Shop", "Other"}


def test_permissions_are_pairs_of_names(synced: BaseSecurityManager, alice: Any, root: Any) -> None:
    assert synced.get_user_permissions(alice) == {("can_0", "View0")}
    assert synced.get_user_permissions(None) == set()
    everything = {(access.permission, access.view_menu) for access in synced.declared}
    assert synced.get_user_permissions(root) == everything
    assert synced.get_user_roles_permissions(alice) == {"Public": [], "Sales": [("can_0", "View0")]}
    assert synced.get_role_permissions(synced.find_role("Sales")) == {("can_0", "View0")}


def test_a_role_in_code_is_shown_with_what_it_grants_of_what_there_is(active_host: Host) -> None:
    manager = make_manager(active_host, roles={"Reader": [["View.*", "can_0"]]})
    manager.declare(grid(2, 2))
    reader = manager.find_role("Reader")
    assert manager.get_role_permissions(reader) == {("can_0", "View0"), ("can_0", "View1")}
    user = add_user(manager, "rita", reader)
    assert manager.can(user, "can_0", "ViewOfTomorrow")
    assert not manager.can(user, "can_1", "View0")


def test_a_role_that_another_process_changed_counts_at_the_next_request(
    synced: BaseSecurityManager, alice: Any, active_host: Host
) -> None:
    other = make_manager(active_host, tables=False)
    assert other.can(alice, "can_0", "View0")
    synced.del_permission_role(synced.find_role("Sales"), synced.find_permission_view_menu("can_0", "View0"))
    synced.session.commit()
    assert not other.can(alice, "can_0", "View0")


def test_slots_give_class_and_names(manager: BaseSecurityManager, caplog: pytest.LogCaptureFixture) -> None:
    model, names = manager.resolve_slot(security_model("user_model"))
    assert model is manager.models.user
    assert names["username"] == "username"
    assert manager.resolve_slot(security_model("role_model")) == (manager.models.role, {})
    with pytest.raises(LookupError, match="viewmenu_model"):
        manager.resolve_slot(security_model("menu_model"))


def test_a_hosts_own_names_are_in_its_slot(active_host: Host) -> None:
    manager = make_manager(active_host, account_manager(active_host.db))
    names = manager.resolve_slot(security_model("user_model"))[1]
    assert (names["username"], names["active"], names["first_name"]) == ("mail", "enabled", None)


def test_all_checks_come_together(active_host: Host) -> None:
    manager = make_manager(active_host, public_role="Admin", roles={"Reader": "all"}, tables=False)
    manager.declare({Access("can_list", "Sales"), Access("can_list", "sales"), Access("can_list", "v" * 251)})
    assert sorted(problem.id for problem in manager.checks()) == ["AB320", "AB321", "AB322", "AB323"]


def test_a_manager_logs_nothing_on_a_usual_day(
    synced: BaseSecurityManager, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        synced.can(alice, "can_0", "View0")
    assert caplog.records == []
