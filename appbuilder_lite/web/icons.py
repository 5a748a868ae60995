"""Icon names as Flask-AppBuilder's users write them, mapped to the symbols of our own sprite."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# Symbol of static/appbuilder_lite/icons.svg (without its `ab-`) -> the Font Awesome names that it stands for.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "arrow-down": "sort-desc sort-down angle-down chevron-down caret-down level-down",
        "arrow-up": "sort-asc sort-up angle-up chevron-up caret-up level-up",
        "bell": "bullhorn rss",
        "book": "bookmark graduation-cap address-book journal-whills newspaper university",
        "box": "cube cubes archive dropbox gift product-hunt boxes suitcase briefcase inventory",
        "building": "industry hospital institution bank city store warehouse hotel",
        "calendar": "calendar-alt calendar-check calendar-plus calendar-days birthday-cake",
        "cart": "shopping-cart shopping-basket shopping-bag cart-plus basket-shopping cart-shopping",
        "chart": "bar-chart chart-bar line-chart chart-line area-chart chart-area pie-chart chart-pie dashboard "
        "tachometer tachometer-alt gauge signal",
        "check": "ok thumbs-up tick",
        "chevron": "chevron-right angle-right caret-right",
        "clock": "history hourglass stopwatch clock-rotate-left",
        "close": "times xmark remove ban",
        "columns": "",
        "comment": "comments commenting quote-left wechat message rocketchat bullseye-comment question-circle question",
        "copy": "clone duplicate",
        "danger": "exclamation-circle circle-exclamation fire bomb bug",
        "database": "server hdd hard-drive",
        "download": "cloud-download file-download save floppy-disk",
        "edit": "pencil pencil-square pencil-alt pen pen-to-square pencil-square-o paint-brush",
        "external": "external-link external-link-alt share share-alt arrow-up-right-from-square",
        "eye": "binoculars low-vision glasses preview",
        "file": "file-text file-alt file-pdf file-excel file-word file-code clipboard sticky-note paste print "
        "file-invoice file-lines receipt",
        "filter": "funnel",
        "flag": "flag-checkered trophy bullseye",
        "folder": "folder-open folder-close sitemap",
        "globe": "earth language world compass",
        "heart": "heartbeat medkit stethoscope",
        "home": "house dashcube",
        "image": "picture photo camera film video images palette",
        "inbox": "tray inboxes",
        "info": "info-circle circle-info lightbulb life-ring",
        "key": "unlock-alt sign-in sign-in-alt right-to-bracket",
        "keyboard": "keyboard-o",
        "link": "chain paperclip plug code-fork code-branch random",
        "list": "list-ul list-ol list-alt tasks th-list align-justify align-left bars-staggered check-square",
        "lock": "unlock user-lock user-secret",
        "mail": "envelope envelope-open at send paper-plane",
        "menu": "bars navicon reorder hamburger",
        "money": "dollar eur euro gbp usd money-bill money-bill-alt credit-card bank-card coins calculator wallet "
        "dollar-sign euro-sign",
        "panel": "sidebar outdent indent",
        "phone": "mobile mobile-alt phone-square fax tablet headphones",
        "pin": "map-marker map-pin map location-dot location-arrow map-marker-alt",
        "plus": "plus-square plus-circle add",
        "rows": "",
        "search": "search-plus magnifying-glass zoom-in",
        "settings": "cog cogs gear gears wrench sliders tools sliders-h screwdriver-wrench",
        "shield": "user-shield shield-alt shield-halved certificate balance-scale gavel",
        "sign-out": "sign-out-alt power-off logout right-from-bracket",
        "sort": "exchange exchange-alt arrows arrows-v refresh sync retweet repeat rotate",
        "star": "magic rocket bolt lightning",
        "success": "check-circle circle-check",
        "table": "th th-large grid desktop laptop window-maximize",
        "tag": "tags ticket barcode hashtag percent",
        "trash": "trash-alt trash-can eraser delete recycle",
        "truck": "car bus plane ship train bicycle taxi shipping-fast",
        "upload": "cloud-upload file-upload cloud file-import",
        "user": "user-circle user-plus user-edit male female child id-card id-badge user-md person circle-user",
        "users": "group user-group user-friends people-group handshake",
        "warning": "exclamation-triangle triangle-exclamation exclamation",
    }
)
_PREFIX = "ab-"
SYMBOLS = frozenset(_PREFIX + name for name in _NAMES)
"""Ids of the sprite's symbols."""
_SYMBOL_OF = {name: _PREFIX + own for own, names in _NAMES.items() for name in (*names.split(), own)}


@lru_cache(maxsize=1000)
def symbol(name: str) -> str | None:
    """The sprite's symbol for an icon name, or None where no symbol comes near.

    Takes `fa-envelope`, `fa fa-envelope-o`, `fas fa-envelope`, `envelope`, `mail` and `ab-mail`.
    """
    words = name.lower().split()
    if not words:
        return None
    plain = words[-1].removeprefix("fa-").removeprefix(_PREFIX)
    return _SYMBOL_OF.get(plain) or _SYMBOL_OF.get(plain.removesuffix("-o").removesuffix("-square"))
