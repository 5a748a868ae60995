"""The page on which a list's filters are set; scripts open it in a drawer beside the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial

from flask import redirect, request
from flask.typing import ResponseReturnValue

from appbuilder_lite.data.query import ListQuery, column_of, fault_place
from appbuilder_lite.resource import params
from appbuilder_lite.resource.narrowing import value_faults
from appbuilder_lite.resource.options import ResourceOptions, on_page
from appbuilder_lite.resource.related_source import Finding
from appbuilder_lite.text import gettext
from appbuilder_lite.web.filter_counts import FilterCounts, without_faults
from appbuilder_lite.web.filter_form import is_sent, looking, read_form, without_form
from appbuilder_lite.web.filter_groups import GROUPS, merged, numbers
from appbuilder_lite.web.filter_page import Answers, FilterPage
from appbuilder_lite.web.filter_rows import by_use, filter_rows, unshown
from appbuilder_lite.web.list_tools import flat
from appbuilder_lite.web.look_up_page import FIND, asked
from appbuilder_lite.web.pages import Choice
from appbuilder_lite.web.policy import ViewPolicy
from appbuilder_lite.web.record_rows import SEVERAL_BUTTON, name_of_key, widened
from appbuilder_lite.web.relating import RelationForms
from appbuilder_lite.web.routes import expose, part_of

FILTER_TEMPLATE = "appbuilder_lite/filter.html"


class FilterRoutes(RelationForms):
    """The form of a list's filters."""

    @expose("/filter")
    @part_of("list")
    def filter(self) -> ResponseReturnValue:
        """The form, filled from an address of the list (GET); with its fields in the address, the list they ask for."""
        query = params.parse(without_form(request.args), self.options)
        if not is_sent(request.args):
            return self.filter_response(query)
        used = [group.number for group in query.groups]
        (belongings, comparisons, groups), faults = read_form(request.args, self.options, used)
        # What the address has beside the fields of the form is what no row shows.
        wanted = replace(
            query.from_start(),
            belongings=tuple({one.relation: one for one in (*query.belongings, *belongings)}.values()),
            comparisons=tuple({one.parameter: one for one in (*query.comparisons, *comparisons)}.values()),
            groups=merged((*query.groups, *groups)),
        )
        wanted = widened(wanted, request.args.get(SEVERAL_BUTTON, ""))
        faults = {**faults, **value_faults(wanted, self.options, self.policy(), self.datamodel)}
        if faults:
            return self.filter_response(wanted, faults), 422
        findings = self._findings()
        if findings or {FIND, GROUPS, SEVERAL_BUTTON} & request.args.keys():
            return self.filter_response(wanted, findings=findings)
        return redirect(self.url_for("list", **params.url_args(wanted, self.options)))

    def filter_url(self, query: ListQuery) -> str:
        """Where the form for a list is; empty where there is none, or nothing to filter by."""
        if not self.can_open("filter") or not self._filtered(self.policy()):
            return ""
        return self.url_for("filter", **params.url_args(query, self.options, page=1))

    def filter_response(
        self, query: ListQuery, faults: Mapping[str, str] | None = None, findings: Mapping[str, Finding] | None = None
    ) -> str:
        """The page with the form; `faults` are messages by parameter, `findings` what was looked for, by relation."""
        options, policy = on_page(self.options, "list"), self.policy()
        columns = by_use(self._filtered(policy), options)
        bare = replace(query.from_start(), belongings=(), comparisons=(), groups=(), match_any=False)
        # Several rows of one relation offer the same records, which are asked for once.
        sources, url = cache(partial(self.filter_source, policy)), partial(self.look_up_url, "list")
        counts = FilterCounts(self, without_faults(query, faults or {}), policy)
        offered = numbers(query, options) if query.groups or GROUPS in request.args else ()
        several = request.args.getlist(SEVERAL_BUTTON)
        answers = Answers(sources, url, faults or {}, findings or {}, counts, offered, several)
        rows = filter_rows(query, options, columns, answers)
        left = unshown(query.from_start(), options, rows)
        # A form of one row does not ask what has to hold.
        carried = replace(without_faults(left, answers.faults), match_any=query.match_any and len(rows) < 2)
        page = FilterPage(
            title=gettext("Filter %(title)s", title=options.list_title),
            rows=rows,
            errors=tuple(dict.fromkeys(_errors(left, options, answers.faults))),
            action_url=self.url_for("filter"),
            list_url=self.url_for("list", **params.url_args(bare if faults else query, options)),
            clear_url=self.url_for("list", **params.url_args(bare, options)),
            hidden=flat(params.url_args(carried, options)),
            match=(
                Choice("all", gettext("All of these have to hold"), not query.match_any),
                Choice("any", gettext("Any of these is enough"), query.match_any),
            ),
        )
        return self.render_template(FILTER_TEMPLATE, page=page)

    def _filtered(self, policy: ViewPolicy) -> list[str]:
        """The columns that the current person may filter by."""
        return [name for name in self.options.filters if policy.can_access_field(name, "list")]

    def _findings(self) -> Mapping[str, Finding]:
        """What the form's fields look for, by relation."""
        policy, found = self.policy(), {}
        for name, field in looking(request.args):
            source, key = self.filter_source(policy, name), request.args.get(field, "")
            if source is None or source.way is None:
                continue
            wanted = asked(request.args, field, [name_of_key(source, key)] if key else ())
            if wanted is not None:
                found[name] = source.look_up(*wanted)
        return found


def _errors(query: ListQuery, options: ResourceOptions, faults: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with filters that no row shows."""
    for number, one in query.numbered:
        text = faults.get(fault_place(one, number))
        if text:
            yield gettext("%(column)s: %(value)s", column=options.labels[column_of(one)], value=text)
