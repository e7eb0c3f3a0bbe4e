"""Values of user code in Markdown: inert in CommonMark, in GitHub's dialect and in templates.

What a renderer might act upon becomes an HTML entity or a backslash escape, so that a text
shows as it was written: no heading, link, table cell, HTML, formula or `{{ }}` comes of it.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from hashlib import sha256
from typing import Final

from pulpo_codegen.render.escapes import one_line
from pulpo_codegen.render.source import Source

__all__ = ["anchor", "md", "md_block", "md_code", "md_link"]

_ESCAPES: Final = str.maketrans(
    {
        **{character: f"\\{character}" for character in "\\`*_[]|~$"},
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "{": "&#123;",
        "}": "&#125;",
    }
)
#: What starts a heading, list, quotation or underline when it starts a line.
_BLOCK_START = re.compile(r"([#+\-=:]|\d{1,9}(?=[.)](\s|$)))")
_PLAIN_CODE = re.compile(r"[^`|{}<>&\\]+")


def md(text: str) -> Source:
    """Return `text` on one line, for headings, table cells and running text."""
    line = one_line(text)
    started = _BLOCK_START.match(line)
    if started is None:
        return Source(line.translate(_ESCAPES))
    head, rest = started.group(), line[started.end() :]
    if head.isdigit():
        return Source(f"{head}\\{rest[:1]}{rest[1:].translate(_ESCAPES)}")
    return Source(f"\\{head}{rest.translate(_ESCAPES)}")


def md_block(text: str) -> Source:
    """Return `text` with its paragraphs kept, each on one line, for use between blank lines."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return Source("\n\n".join(md(paragraph) for paragraph in paragraphs if paragraph.strip()))


@lru_cache(maxsize=10_000)  # the names and types of a project, each on several pages
def md_code(text: str) -> Source:
    """Return `text` as code within a line; also right in table cells."""
    line = one_line(text)
    if not line:
        return Source("")
    if _PLAIN_CODE.fullmatch(line):
        return Source(f"`{line}`")
    entities = (
        character if character.isalnum() or character in " _.,:;/-" else f"&#{ord(character)};"
        for character in line
    )
    return Source(f"<code>{''.join(entities)}</code>")


def anchor(kind: str, name: str) -> Source:
    """Return an id for use in `<a id="…">` and links; other names give other ids."""
    slug = re.sub(r"[^A-Za-z0-9_.-]", "-", name)
    if slug != name or len(slug) > _LONGEST_SLUG:
        digest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        slug = f"{slug[:_LONGEST_SLUG]}-{digest}"
    return Source(f"{kind}-{slug}")


_LONGEST_SLUG: Final = 60


def md_link(text: Source, page: str, target: Source) -> Source:
    """Return a link with a quoted `text` to an `anchor` of a page of ours (empty: this page)."""
    return Source(f"[{text}]({page}#{html.escape(target)})")
