"""E-paper sites of our own: one issue (sites/issue.toml), set in the markup of several systems."""

import tomllib
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from site_server import Answer

SITES = Path(__file__).parent / "sources" / "sites"
SYSTEMS = sorted({path.stem for path in SITES.glob("*.toml")} - {"issue", "articles"})


@cache
def issue() -> dict[str, Any]:
    """The issue: its entries as a site lists them, and the articles that must come out."""
    return tomllib.loads((SITES / "issue.toml").read_text(encoding="utf-8"))


@cache
def system_of(name: str) -> dict[str, Any]:
    """The templates of one system."""
    return tomllib.loads((SITES / f"{name}.toml").read_text(encoding="utf-8"))


def first_page(name: str) -> str:
    """The path of the first page."""
    return _page_path(system_of(name), 1)


def article_path(name: str, entry_id: int) -> str:
    """The path of an article's page."""
    entry = next(entry for entry in issue()["entry"] if entry["id"] == entry_id)
    return _path(system_of(name), "article_path", entry)


def site(name: str) -> dict[str, Answer]:
    """All answers of a site, by path."""
    system = system_of(name)
    pages = sorted({entry["page"] for entry in issue()["entry"]})
    files = {
        _page_path(system, page): _answer(system, _page(system, page, pages)) for page in pages
    }
    files[_path(system, "page_path", {"page": 1})] = files[_page_path(system, 1)]
    for entry in issue()["entry"]:
        files[_path(system, "article_path", entry)] = _answer(system, _article(system, entry))
    if "index_path" in system:
        files[system["index_path"]] = _answer(system, system["index"])
    return files


def _answer(system: dict[str, Any], text: str) -> Answer:
    return Answer(
        body=text.encode(system["charset"]),
        kind=system["media_type"],
        etag=f'"{abs(hash(text)):x}"',
    )


def _path(system: dict[str, Any], key: str, values: dict[str, Any]) -> str:
    return Template(system[key]).substitute(_values(values)).partition("?")[0]


def _page_path(system: dict[str, Any], page: int) -> str:
    path = system.get("first_path", "") if page == 1 else ""
    return path or _path(system, "page_path", {"page": page})


def _values(values: dict[str, Any]) -> dict[str, Any]:
    page = values["page"]
    return {
        **dict.fromkeys(("title", "kicker", "deck", "author"), ""),
        **values,
        "id": values.get("id", 0),
        "page2": f"{page:02}",
        "page5": f"{page:05}",
        "node": page * 17,
        "page_name": issue()["page_names"][page - 1],
    }


def _filled(template: str, values: dict[str, Any]) -> str:
    return Template(template).substitute(_values(values))


def _page(system: dict[str, Any], page: int, pages: list[int]) -> str:
    mine = [entry for entry in issue()["entry"] if entry["page"] == page]
    shown = [entry for entry in issue()["entry"] if entry["id"] in issue()["shown_everywhere"]]
    lists = {
        # A site's map, list and box have three orders.
        "areas": "\n".join(_filled(system["area"], entry) for entry in reversed(mine)),
        "listed": "\n".join(_filled(system["listed"], entry) for entry in mine),
        "box": "\n".join(_filled(system["boxed"], entry) for entry in shown),
        "pages": "\n".join(_filled(system["page_link"], {"page": other}) for other in pages),
    }
    return Template(system["page"]).substitute(_values({"page": page}) | lists)


def _article(system: dict[str, Any], entry: dict[str, Any]) -> str:
    body = system.get("gap", "").join(
        Template(system["paragraph"]).substitute(text=text) for text in entry["body"]
    )
    picture = ""
    if "caption" in entry:
        picture = Template(system["picture"]).substitute(caption=entry["caption"])
    optional = {
        key: _filled(system[key], entry) if entry.get(key) else ""
        for key in ("kicker", "deck", "author")
    }
    values = _values(entry) | {"facts_title": entry["title"], "body": body, "picture": picture}
    values |= {f"{key}_element": text for key, text in optional.items()}
    return Template(system["article"]).substitute(values)
