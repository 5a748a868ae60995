"""Where a redirect may lead that the address bar or a form asked for: a page of this site, never another."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit


def safe_next(target: str | None, host: str) -> str:
    """The target where it is a path on this site (`/admin/customers/list/?page=2`), else an empty string.

    Browsers read `\\` as `/`, drop tabs and line breaks, and take `//name` for another host, so only what begins
    with one slash and holds none of these passes. An absolute address is refused, the site's own too: which hosts
    are ours is for nobody to say who can forge the Host header.
    """
    if target is None or not target.startswith("/") or not _is_plain(target):
        return ""
    path = target.partition("?")[0].partition("#")[0]
    if "//" in path:
        return ""
    return target if _stays_on(host, target) else ""


def _is_plain(target: str) -> bool:
    return target.isprintable() and not any(letter.isspace() or letter == "\\" for letter in target)


def _stays_on(host: str, target: str) -> bool:
    """A second opinion: the standard library, joining the target to this site, arrives at the same host."""
    try:
        base, joined = urlsplit(f"http://{host}/"), urlsplit(urljoin(f"http://{host}/", target))
    except ValueError:
        return False
    return (joined.scheme, joined.netloc) == (base.scheme, base.netloc)
