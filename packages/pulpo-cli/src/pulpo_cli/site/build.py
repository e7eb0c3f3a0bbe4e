"""`site_page`: the generated Markdown as one HTML text that needs nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["GRAPH", "PAGES", "site_page"]

#: The pages in the order of the menu, and what each is called there.
PAGES = {
    "index.md": "Overview",
    "models.md": "Models",
    "operations.md": "Operations",
    "flows.md": "Flows",
    "api.md": "HTTP API",
    "cli.md": "Command line",
    "errors.md": "Errors",
}
#: Which view of the diagram takes the place of a page's Mermaid texts.
_VIEWS = {"index.md": "lineage", "models.md": "models", "flows.md": "flows"}
#: The diagram's file, beside the page, for each view.
GRAPH = "graph-{view}.html"
_ANCHOR = re.compile(r'<a id="([\w.-]+)"></a>')
_LINK = re.compile(r'href="(\w+\.md)?(?:#([\w.-]+))?"')
_LONGEST = 4000


@dataclass(slots=True)
class _Entry:
    """A heading: where it is, what it says, and the texts below it, for the search."""

    anchor: str
    title: str
    texts: list[str] = field(default_factory=list)


def site_page(title: str, pages: Mapping[str, str]) -> str:
    """Return the site of a project called `title`; `pages` are Markdown texts by file name.

    Equal input gives equal text.
    """
    sections, menu = [], []
    for name, heading in PAGES.items():
        html, entries = _section(name, pages[name])
        page = name.removesuffix(".md")
        sections.append(f'<section id="{page}">\n{html}</section>')
        items = "\n".join(map(_item, entries))
        menu.append(f'<a class="page" href="#{page}">{heading}</a>\n<ul>\n{items}\n</ul>')
    template = Template(files("pulpo_cli").joinpath("site", "page.html").read_text("utf-8"))
    return template.substitute(
        title=escape(title), menu="\n".join(menu), sections="\n".join(sections)
    )


def _section(name: str, text: str) -> tuple[str, list[_Entry]]:
    reader = _reader()
    tokens = reader.parse(text)
    entries = list(_entries(tokens))
    html = reader.renderer.render(list(_drawn(tokens, _VIEWS.get(name, ""))), reader.options, {})
    html = _LINK.sub(_link, html)
    table = '<div class="table"><table>'
    return html.replace("<table>", table).replace("</table>", "</table></div>"), entries


def _drawn(tokens: list[Token], view: str) -> Iterator[Token]:
    """Yield the tokens of a page with one diagram in place of its Mermaid texts."""
    is_drawn = False
    for token in tokens:
        if token.type != "fence" or token.info.strip() != "mermaid":
            yield token
        elif view and not is_drawn:
            is_drawn = True
            # The source is set when it is seen: a diagram without a size cannot fit itself.
            source = GRAPH.format(view=view)
            frame = f'<iframe data-src="{source}" title="Diagram: {view}"></iframe>\n'
            yield Token("html_block", "", 0, content=frame)


def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # The pages hold anchors and entities of ours as HTML; what users wrote is quoted in them.
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _entries(tokens: list[Token]) -> list[_Entry]:
    entries: list[_Entry] = []
    heading = ""
    for token in tokens:
        if token.type == "heading_open":
            heading = token.tag
        elif token.type == "heading_close":
            heading = ""
        elif token.type == "inline":
            anchor = _ANCHOR.search(token.content)
            words = _words(token)
            if heading == "h2" and anchor:
                entries.append(_Entry(anchor[1], words, [words]))
            elif entries:
                entries[-1].texts.append(words)
    return entries


def _words(token: Token) -> str:
    parts = (one.content for one in token.children or () if one.type in {"text", "code_inline"})
    return "".join(parts).strip()


def _item(entry: _Entry) -> str:
    text = " ".join(entry.texts).lower()[:_LONGEST]
    return (
        f'<li data-text="{escape(text)}"><a href="#{entry.anchor}">{escape(entry.title)}</a></li>'
    )


def _link(found: re.Match[str]) -> str:
    page, anchor = found.groups()
    target = anchor or (page or "").removesuffix(".md")
    return f'href="#{target}"'
