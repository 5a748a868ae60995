"""The trash of a view that deletes softly: what is in it, and the ways out of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Self

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import Order, Page
from appbuilder_lite.data.sqla_trash import FilterInTrash, Trash
from appbuilder_lite.data.types import Kind
from appbuilder_lite.errors import Problem
from appbuilder_lite.resource import params
from appbuilder_lite.resource.acting import Acted
from appbuilder_lite.resource.declaration import ResourceDeclaration
from appbuilder_lite.resource.options import ResourceOptions
from appbuilder_lite.resource.place import class_path
from appbuilder_lite.resource.resource import Outcome
from appbuilder_lite.resource.restoring import Restoration, restore_together
from appbuilder_lite.resource.together import Deletion
from appbuilder_lite.text import gettext, lazy, ngettext
from appbuilder_lite.web.bulk_delete import MOST_NAMED, BulkDelete, words_of_deleted
from appbuilder_lite.web.cells import RecordUrl
from appbuilder_lite.web.deleting import Deleting
from appbuilder_lite.web.list_page import ListPages
from appbuilder_lite.web.list_tools import Links, Offer
from appbuilder_lite.web.messages import PLACE, flash_of
from appbuilder_lite.web.navigation import page_url
from appbuilder_lite.web.pages import ActionButton, ListPage
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.routes import URLS, Route, expose, part_of
from appbuilder_lite.web.runs import MOST_TOLD, shortened
from appbuilder_lite.web.undo import UNDONE, forget_undo, offer_undo

TRASH_TEMPLATE = "appbuilder_lite/trash.html"
_ROUTES = ("trash", "restore_deleted", "delete_for_good")
# Where the pages of a list lead when they are about the trash.
_IN_TRASH = {"list": "trash", "delete_selected": "delete_for_good"}
_KEPT = "delete_integrity_error_message"
_SECURITY = ("user", "role", "permission", "view_menu", "permission_view", "group")


class TrashRoutes(BulkDelete):
    """The pages of the trash: there where `soft_delete` is declared, for whoever may delete and open the list."""

    trash_view: Any = None
    """This view as it is for the records in its trash: their data source, scope and list; None where there is none."""
    trash_of: Any = None
    """Of such a view: the one that it was made of."""
    list_pages: ListPages

    @expose("/trash")
    @part_of("delete")
    def trash(self) -> ResponseReturnValue:
        """A page of the records in the trash."""
        if not self.can_open("list"):
            abort(403)
        answer: ResponseReturnValue = self.trash_view._trash_page()
        return answer

    @expose("/restore", methods=["POST"])
    @expose("/restore/<pk>", methods=["POST"])
    @part_of("delete")
    def restore_deleted(self, pk: str = "") -> ResponseReturnValue:
        """Bring one record back, or the ticked ones (form fields `rowid`); a message that offers Undo posts here."""
        trash, keys = self.trash_view, [pk] if pk else self.ticked_keys()
        if not keys:
            answer: ResponseReturnValue = trash.none_ticked()
            return answer
        self._tell_of_restored(restore_together(trash.resource, trash.datamodel.restore, keys, trash.policy()))
        return redirect((self if UNDONE in request.form else trash)._list_as_it_was())

    @expose("/delete_for_good", methods=["POST"])
    @expose("/delete_for_good/<pk>", methods=["POST"])
    @part_of("delete")
    def delete_for_good(self, pk: str = "") -> ResponseReturnValue:
        """Ask about a record in the trash, or the ticked ones, then really delete each that can go (`confirmed`)."""
        answer: ResponseReturnValue = self.trash_view.delete_selected()
        return answer

    def bind_trash(self, options: ResourceOptions) -> list[Problem]:
        """Make the view's data source delete softly, as its options say; returns every problem."""
        if not options.soft_delete:
            return []
        known = tuple(filter(None, (getattr(self.state.sm.models, name, None) for name in _SECURITY)))
        model = self.datamodel.model
        # A class above that of the users has them among its records.
        if issubclass(model, known) or any(issubclass(one, model) for one in known):
            where = f"{class_path(type(self))}.soft_delete"
            message = f"{self.datamodel.name} in the trash would still be signed in and have rights"
            fix = 'leave it out; a user who shall not sign in any more is made inactive ("active")'
            return [Problem("AB109", where, message, fix)]
        self.datamodel.trash = Trash(self.datamodel.columns[options.soft_delete])
        return []

    def as_trash(self) -> Self:
        """This view as it is for the records in its trash."""
        found = copy.copy(self)
        found.trash_of, found.datamodel = self, self.datamodel.opened()
        # What was asked about the list is no answer to what is asked here.
        found.delete_run = "delete_for_good"
        found.options = _options_of_trash(self.options, found.datamodel)
        found.resource = self.resource_class(found.datamodel, found.options, found)
        found.list_pages = ListPages(found.options)
        return found

    def trash_url(self) -> str:
        """Where the trash is; empty where there is none, or the current person may not open it."""
        return self.url_for("trash") if self.can_open("trash") and self.can_open("list") else ""

    def url_for(self, method: str, **values: Any) -> str:
        return super().url_for(_IN_TRASH.get(method, method) if self.trash_of else method, **values)

    def can_open(self, method: str) -> bool:
        """Of the trash its list is another page: who may not open it, or where it has no route, is led past it."""
        return super().can_open(method) and not (self.trash_of and method == "list" and not super().can_open("trash"))

    def _home_url(self) -> str:
        is_closed = self.trash_of and not self.can_open("list")
        return str(self.trash_of._home_url() if is_closed else super()._home_url())

    def get_redirect(self) -> str:
        return self._home_url() if self.trash_of else super().get_redirect()

    def ticked_keys(self) -> Sequence[str]:
        own = (request.view_args or {}).get("pk") if self.trash_of else None
        return super().ticked_keys() if own is None else [own]

    def offered_routes(self, found: Mapping[str, Route]) -> Mapping[str, Route]:
        """Nothing is deleted for good where deleting is the view's own: nobody knows here what that means.

        Without a trash a host's own methods of these names are what they would be, were there none of ours.
        """
        found, cls = super().offered_routes(found), type(self)
        if cls.soft_delete:
            is_known = cls.delete is Deleting.delete or cls.delete_for_good is not TrashRoutes.delete_for_good
            return {name: route for name, route in found.items() if name != "delete_for_good" or is_known}
        return {name: route for name, route in found.items() if name not in _ROUTES or _is_own(cls, name)}

    def refusal_title(self, method: str) -> str:
        if method == "restore_deleted":
            return gettext("You cannot restore in %(title)s", title=self.view_title)
        return super().refusal_title("delete" if method == "delete_for_good" else method)

    def show_again(self, method: str, values: Mapping[str, Any]) -> ResponseReturnValue | None:
        if method == "delete_for_good":
            again: ResponseReturnValue | None = self.trash_view.show_again("delete_selected", values)
            return again
        return super().show_again(method, values)

    def _trash_page(self) -> ResponseReturnValue:
        policy, query = self.policy(), params.parse(request.args, self.options)
        page = self.resource.list(query, policy, with_items=policy.judges_items)
        if query.page > 1 and not page.rows:
            return redirect(self.url_for("list", **params.url_args(query, self.options, page=page.pages or 1)))
        found = self._emptied(self.list_pages.whole(page, *self._around(page, policy), {}), page)
        return self.render_template(TRASH_TEMPLATE, page=found, crumbs=self.trash_of._crumbs(found.title))

    def _around(self, page: Page, policy: ViewPolicy) -> tuple[Links, ViewPolicy, Offer]:
        """What the person may do with the records in the trash: restore them and delete them for good, nothing else."""
        refused = policy.refused([row.item for row in page.rows if row.item is not None])["delete"]
        known = (
            ("restore_deleted", ActionButton("restore", gettext("Restore"))),
            ("delete_for_good", ActionButton("delete", gettext("Delete for good"), "", "?", True)),
        )
        ways = {name: replace(button, url=self.url_for(name)) for name, button in known if self.can_open(name)}
        buttons = tuple(ways.values())
        rows = ((button, self.record_url(name).without(refused)) for name, button in ways.items())
        density_url = page_url(self.state, "UtilView.density") if self.principal.is_signed_in else ""
        offer = Offer(buttons, buttons[0].url if buttons else "", row_actions=tuple(rows), density_url=density_url)
        return Links(list=self.url_for("list"), related=self._related_urls()), policy, offer

    def _related_urls(self) -> dict[str, RecordUrl]:
        raise NotImplementedError

    def _emptied(self, found: ListPage, page: Page) -> ListPage:
        if found.rows or page.query.search:
            return found
        empty = gettext("The trash is empty.")
        return replace(found, empty=empty, status=empty, hint="")

    def _tell(self, outcome: Outcome, action: str) -> None:
        super()._tell(outcome, action)
        if action == "delete":
            self._offer_undo(self.told(outcome, "delete"), (outcome.key,))

    def _tell_of(self, done: Deletion) -> None:
        super()._tell_of(done)
        if len(done.deleted) > 1:
            self._offer_undo(words_of_deleted(len(done.deleted)), done.keys)

    def _delete_batch(self, items: Sequence[Any]) -> Acted:
        forget_undo()
        return super()._delete_batch(items)

    def _offer_undo(self, text: str, keys: Sequence[str]) -> None:
        if not self.deletes_softly:
            forget_undo()
            return
        if not self.can_open("restore_deleted") or offer_undo(text, self.url_for("restore_deleted"), keys):
            return
        sentence = gettext("What was deleted is in the %(trash)s.", trash=PLACE)
        flash_of(sentence, gettext("trash"), self.trash_url(), "info")

    def _tell_of_restored(self, done: Restoration) -> None:
        if len(done.restored) == 1:
            (key, name), *_ = done.restored.items()
            flash_of(gettext("Restored %(name)s", name=PLACE), name, self.record_url("show")(key))
        elif done.restored:
            flash(ngettext("Restored %(num)s record", "Restored %(num)s records", len(done.restored)), "success")
        for name, reason in (shortened(*one) for one in done.kept[:MOST_TOLD]):
            flash(gettext("%(name)s was not restored: %(reason)s", name=name, reason=reason), "danger")
        further = len(done.kept) - MOST_TOLD
        if further > 0:
            flash(ngettext("%(num)s more was not restored", "%(num)s more were not restored", further), "danger")
        if done.missing:
            flash(_missing(done.missing), "warning")
        for text in done.notices[:MOST_NAMED]:
            flash(text, "warning")


def _missing(count: int) -> str:
    return ngettext(
        "%(num)s record is not in the trash any more", "%(num)s records are not in the trash any more", count
    )


def _is_own(cls: type[Any], name: str) -> bool:
    """Whether a method is the host's, with an address of its own."""
    method = getattr(cls, name)
    return method is not getattr(TrashRoutes, name) and hasattr(method, URLS)


def _options_of_trash(options: ResourceOptions, datamodel: Any) -> ResourceOptions:
    """The options of a view for the records in its trash: without tabs, filters and sums, the last deleted first."""
    name = str(options.soft_delete)
    default = getattr(ResourceDeclaration, _KEPT)
    is_dated = datamodel.columns[name].kind is Kind.DATETIME
    shown = {} if not is_dated or name in options.listable_columns else {name: datamodel.path(name)}
    return replace(
        options,
        soft_delete=None,
        list_title=lazy("Trash"),
        base_filters=tuple((found, isinstance(found, FilterInTrash) or value) for found, value in options.base_filters),
        base_order=(Order(name, descending=True),) if is_dated else options.base_order,
        list_columns=(*options.list_columns, *shown),
        order_columns=tuple(dict.fromkeys((*options.order_columns, *([name] if is_dated else ())))),
        paths=MappingProxyType({**options.paths, **shown}),
        filters=MappingProxyType({}),
        relations=MappingProxyType({}),
        list_tabs=MappingProxyType({}),
        list_sums=(),
        related_views=(),
        messages=MappingProxyType({**options.messages, _KEPT: options.messages[_KEPT] or default}),
    )
