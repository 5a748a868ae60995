"""The navigation: categories, links and separators, and which of them a person sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from appbuilder_lite.security.access import Access, Principal, Requirement, decide


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A link of the menu. `endpoint` names a page of ours, `href` any other address or endpoint of the host.

    `requirement` is what its target asks for; `condition` is the host's own say, asked at each request.
    """

    name: str
    label: str
    icon: str = ""
    href: str = ""
    endpoint: str = ""
    requirement: Requirement | None = None
    condition: Callable[[], bool] | None = None
    is_separator: bool = False

    def is_visible(self, principal: Principal) -> bool:
        """Whether this person may open the target, and the host's condition agrees."""
        if self.condition is not None and not self.condition():
            return False
        return self.requirement is None or bool(decide(principal, self.requirement))


@dataclass(slots=True)
class MenuGroup:
    """A category and what stands in it. The group without a name holds links of no category.

    One that `is_last` stands behind the others, however late those are added.
    """

    name: str
    label: str
    icon: str = ""
    items: list[MenuItem] = field(default_factory=list)
    is_last: bool = False


class Menu:
    """The menu of one app, in the order of registration. Changed at start only.

    Example: `appbuilder.menu.add_link("Docs", href="https://example.org", category="Help")`.
    """

    def __init__(self) -> None:
        self.groups: list[MenuGroup] = []

    def add_category(self, category: str, icon: str = "", label: str = "") -> MenuGroup:
        """The group of that name, made where it is missing; a label or icon given later fills an empty one."""
        group = self._group(category)
        if group is None:
            group = MenuGroup(category, label or category, icon)
            self.groups.append(group)
        group.icon = group.icon or icon
        if label:
            group.label = label
        return group

    def add_item(self, item: MenuItem, category: str = "", category_icon: str = "", category_label: str = "") -> None:
        """Append an item to its category."""
        self.add_category(category, category_icon, category_label).items.append(item)

    def add_link(
        self,
        name: str,
        href: str = "",
        icon: str = "",
        label: str = "",
        category: str = "",
        category_icon: str = "",
        category_label: str = "",
        cond: Callable[[], bool] | None = None,
    ) -> None:
        """Append a link to an address or a host's endpoint; seen by who has `menu_access` on its name."""
        item = MenuItem(name, label or name, icon, href, requirement=Access("menu_access", name), condition=cond)
        self.add_item(item, category, category_icon, category_label)

    def add_separator(self, category: str, cond: Callable[[], bool] | None = None) -> None:
        """Append a line between the links of a category."""
        self.add_category(category).items.append(MenuItem("-", "-", condition=cond, is_separator=True))

    def find(self, name: str) -> MenuItem | None:
        """The item of that name, in any category."""
        return next((item for group in self.groups for item in group.items if item.name == name), None)

    def label_of(self, view_name: str) -> str:
        """What the first link to a page of this view says, whoever may see it; empty where there is none."""
        items = (item for group in self.groups for item in group.items)
        return next((str(item.label) for item in items if item.endpoint.partition(".")[0] == view_name), "")

    def names(self) -> Iterator[str]:
        """Every category and item that carries a permission."""
        for group in self.groups:
            if group.name:
                yield group.name
            yield from (item.name for item in group.items if not item.is_separator)

    def visible(self, principal: Principal) -> list[MenuGroup]:
        """The groups with only what this person may see; empty groups and stray separators are left out."""
        groups = []
        for group in sorted(self.groups, key=lambda group: group.is_last):
            items = _without_stray_separators([item for item in group.items if item.is_visible(principal)])
            if items:
                groups.append(MenuGroup(group.name, group.label, group.icon, items, group.is_last))
        return groups

    def _group(self, name: str) -> MenuGroup | None:
        return next((group for group in self.groups if group.name == name), None)


def _without_stray_separators(items: list[MenuItem]) -> list[MenuItem]:
    kept: list[MenuItem] = []
    for item in items:
        if not item.is_separator or (kept and not kept[-1].is_separator):
            kept.append(item)
    if kept and kept[-1].is_separator:
        kept.pop()
    return kept
