"""The security manager with its pages: each is a slot that a subclass may fill with another view, or empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appbuilder_lite.builtin.accounts import UserDBModelView
from appbuilder_lite.builtin.auth import AuthDBView, AuthView
from appbuilder_lite.builtin.password_rules import keeps_passwords
from appbuilder_lite.builtin.passwords import ResetMyPasswordView, ResetPasswordView
from appbuilder_lite.builtin.profile import UserInfoEditView
from appbuilder_lite.builtin.roles import (
    PermissionModelView,
    PermissionViewModelView,
    RoleModelView,
    UserGroupModelView,
    ViewMenuModelView,
)
from appbuilder_lite.security.manager import BaseSecurityManager
from appbuilder_lite.text import lazy
from appbuilder_lite.web.view import BaseView

CATEGORY = "Security"
CATEGORY_LABEL = lazy("Security")
CATEGORY_ICON = "ab-shield"


@dataclass(frozen=True)
class StockView:
    """A page of ours to be registered like any other; without a `name` it stands in no menu."""

    slot: str
    view: type[BaseView]
    name: str = ""
    label: str = ""
    icon: str = ""
    category: str = ""
    category_icon: str = ""
    category_label: str = ""
    separator_before: bool = False


class SecurityManager(BaseSecurityManager):
    """Users, roles and permissions, with their pages. Subclass it to bring models and views of your own.

    Example::

        class MySecurityManager(SecurityManager):
            user_model = Account
            user_attributes = {"username": "email", "active": "is_active"}
            rolemodelview = None
    """

    userdbmodelview: type[BaseView] | None = UserDBModelView
    rolemodelview: type[BaseView] | None = RoleModelView
    groupmodelview: type[BaseView] | None = UserGroupModelView
    permissionmodelview: type[BaseView] | None = PermissionModelView
    viewmenumodelview: type[BaseView] | None = ViewMenuModelView
    permissionviewmodelview: type[BaseView] | None = PermissionViewModelView
    authdbview: type[BaseView] | None = AuthDBView
    resetmypasswordview: type[BaseView] | None = ResetMyPasswordView
    resetpasswordview: type[BaseView] | None = ResetPasswordView
    userinfoeditview: type[BaseView] | None = UserInfoEditView

    def stock_views(self, *, owns_sign_in: bool, is_sharing: bool) -> Iterator[StockView]:
        """The pages of this app, in the order of the menu.

        Where the host owns sign-in there is only a way out. An AppBuilder that shares the security of another one in
        the same app (`is_sharing`) leaves everything else to that one.
        """
        if is_sharing or not owns_sign_in:
            yield StockView("authdbview", AuthView)
        elif self.authdbview is not None:
            yield StockView("authdbview", self.authdbview)
        if is_sharing:
            return
        yield from self._pages_of_the_person()
        if self.settings.add_security_views:
            yield from self._pages_of_administrators()

    def _pages_of_the_person(self) -> Iterator[StockView]:
        if self.resetmypasswordview is not None and keeps_passwords(self.users):
            yield StockView("resetmypasswordview", self.resetmypasswordview)
        if self.userinfoeditview is not None:
            yield StockView("userinfoeditview", self.userinfoeditview)

    def _pages_of_administrators(self) -> Iterator[StockView]:
        if self.resetpasswordview is not None and keeps_passwords(self.users):
            yield StockView("resetpasswordview", self.resetpasswordview)
        entries = (
            ("userdbmodelview", "List Users", lazy("Users"), "ab-user", False),
            ("rolemodelview", "List Roles", lazy("Roles"), "ab-key", False),
            ("groupmodelview", "List Groups", lazy("Groups"), "ab-users", False),
            ("permissionmodelview", "Base Permissions", lazy("Base permissions"), "ab-lock", True),
            ("viewmenumodelview", "Views/Menus", lazy("Views and menus"), "ab-list", False),
            ("permissionviewmodelview", "Permission on Views/Menus", lazy("Permissions on views"), "ab-shield", False),
        )
        is_after_separator = False
        for slot, name, label, icon, separator_before in entries:
            view: type[BaseView] | None = getattr(self, slot)
            is_after_separator = is_after_separator or separator_before
            if view is not None:
                yield StockView(
                    slot, view, name, label, icon, CATEGORY, CATEGORY_ICON, CATEGORY_LABEL, is_after_separator
                )
                is_after_separator = False
