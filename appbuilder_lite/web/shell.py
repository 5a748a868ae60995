"""What the frame of a page receives: plain frozen values, formatted and translated before a template runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One visible entry of the navigation; `icon` is a symbol of the sprite (`ab-user`) or an icon font's class."""

    label: str
    url: str
    icon: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class MenuCategory:
    """A heading of the navigation and its links; a None among them is a separator. No label: no heading.

    `fold` is `open` or `closed` where the category can be folded.
    """

    label: str
    icon: str
    links: tuple[MenuLink | None, ...]
    fold: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What the host sets of the frame, the addresses of the stylesheets and scripts, and of the sprite of icons.

    `brand` is the text of the header, `logo` the address of a picture beside it, `banner` the words above every page
    that tell one environment from another, `density` is `comfortable` or `compact`.
    """

    brand: str
    icons: str
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    logo: str = ""
    banner: str = ""
    density: str = "comfortable"


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame around each page: brand, navigation, the person, and what they chose.

    `theme` is `light`, `dark` or `system`, `nav` is `wide` or `rail`, `shortcuts` is `on` or `off`; each has the
    address that a choice is posted to. `owner` tells this person from another one in the same browser. `language`
    and `direction` are those of the page's texts, for `<html lang dir>`.
    """

    app_name: str
    home_url: str
    look: Look
    menu: tuple[MenuCategory, ...] = ()
    user_name: str = ""
    profile_url: str = ""
    password_url: str = ""
    sign_out_url: str = ""
    sign_in_url: str = ""
    search_url: str = ""
    owner: str = ""
    theme: str = "system"
    theme_url: str = ""
    nav: str = "wide"
    nav_url: str = ""
    shortcuts: str = "on"
    shortcuts_url: str = ""
    menu_url: str = ""
    path: str = ""
    language: str = "en"
    direction: str = "ltr"


@dataclass(frozen=True, slots=True)
class Undo:
    """A button that takes back what a message tells of: its form posts `fields` to `url`."""

    url: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Flash:
    """A message after a redirect; `category` is `success`, `info`, `warning` or `danger`.

    One that names a record has the `url` of it, and `parts`: the text before the name, the name, and the text after it.
    `seconds` is how long it floats over the page where scripts run; 0 is one that stays where it is.
    `undo` is the way to take it back.
    """

    category: str
    text: str
    url: str = ""
    parts: tuple[str, str, str] = ("", "", "")
    seconds: int = 0
    undo: Undo | None = None
