"""Each kind of note of a trail, by a change that it alone tells of.

With the note an answer that was kept is refused; without it, it is believed and wrong. That the
second is so says that the first is no accident.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pulpo_analysis.config.settings import DiscoveryConfig
from pulpo_analysis.discovery.answers import Basis, Operations
from pulpo_analysis.discovery.sources import Sources
from pulpo_analysis.discovery.static import StaticDiscovery
from pulpo_analysis.discovery.trail import Trail

Patch = Callable[[pytest.MonkeyPatch], None]

MODEL = "from beanie import Document\nfrom pulpo_base import datamodel\n"
SIZED = {
    "app.py": f"{MODEL}from kinds import Size\n@datamodel\nclass Hat(Document):\n    size: Size\n"
}


def _forgets(method: str, notes: str) -> Patch:
    """Return a patch of `Sources` whose method does not note what it was asked."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        original: Callable[..., Any] = getattr(Sources, method)

        def asked(self: Sources, what: Any) -> Any:
            noted: set[str] = getattr(self._trail, notes)
            name = (
                what
                if isinstance(what, str)
                else getattr(what, {"files": "relative"}.get(notes, "module"))
            )
            known = name in noted
            answer = original(self, what)
            if not known:
                noted.discard(name)
            return answer

        monkeypatch.setattr(Sources, method, asked)

    return patch


def _shares_no_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Trail, "include", lambda _self, _other: None)


def _believes(part: str) -> Patch:
    """Return a patch by which operations hold whatever the names of `part` mean by now."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        original = Operations.holds

        def holds(self: Operations, names: Any, models: Any) -> bool:
            kept = getattr(self, part).get
            given = {"names": names, "models": models, part: kept}
            return original(self, given["names"], given["models"])

        monkeypatch.setattr(Operations, "holds", holds)

    return patch


def _believes_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Basis,
        "holds",
        lambda self, sources: all(sources.place(name) == at for name, at in self.modules.items()),
    )


def _believes_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Basis,
        "holds",
        lambda self, sources: all(sources.digest(path) == at for path, at in self.files.items()),
    )


@dataclass(frozen=True)
class Note:
    """What a note stands for: files, what of them changes, and how the note is left out."""

    without: Patch
    files: dict[str, str]
    change: dict[str, str | None] = field(default_factory=dict)


NOTES = {
    "the facts of a file were read": Note(
        _forgets("facts", "files"),
        {
            "base.py": "from beanie import Document\nclass Base(Document):\n    owner: str\n",
            "app.py": (
                "from base import Base\nfrom pulpo_base import datamodel\n"
                "@datamodel\nclass Order(Base):\n    total: int\n"
            ),
        },
        {"base.py": "from beanie import Document\nclass Base(Document):\n    owner: int\n"},
    ),
    "a file was asked who hides it": Note(
        _forgets("hidden_by", "modules"),
        {
            "src/other.py": "",
            "shop/__init__.py": "",
            "shop/orders.py": f"{MODEL}@datamodel\nclass Order(Document):\n    total: int\n",
        },
        {"src/shop/__init__.py": "", "src/shop/orders.py": "\n"},
    ),
    "a module was looked for": Note(
        _forgets("module", "modules"),
        {
            "app.py": (
                f"{MODEL}from things import *\n@datamodel\nclass Order(Document):\n    size: Size\n"
            ),
        },
        {"things.py": "Size = int\n"},
    ),
    "a name was asked whether it is the project's": Note(
        _forgets("is_local", "modules"),
        {
            "app.py": (
                f"{MODEL}from money import Money\n"
                "@datamodel\nclass Order(Document):\n    price: Money\n"
            ),
        },
        {"money.py": "Money = float\n"},
    ),
    "a name was resolved for somebody else before": Note(
        _shares_no_trail,
        {
            "kinds.py": "State = str\n",
            "base.py": (
                "from beanie import Document\nfrom kinds import State\n"
                "class Base(Document):\n    state: State\n"
            ),
            "first.py": (
                "from base import Base\nfrom pulpo_base import datamodel\n"
                "@datamodel\nclass First(Base):\n    one: int\n"
            ),
            "second.py": (
                "from base import Base\nfrom pulpo_base import datamodel\n"
                "@datamodel\nclass Second(Base):\n    two: int\n"
            ),
        },
        {"kinds.py": "State = int\n"},
    ),
    "a declaration was asked for its name": Note(
        _believes("names"),
        {
            "words.py": "NAME = 'orders.place'\n",
            "place.py": (
                "from pulpo_base import operation\nfrom words import NAME\n"
                "@operation(name=NAME, models_in=[], models_out=[])\n"
                "async def place() -> None: ...\n"
            ),
            "send.py": (
                "from place import place\nfrom pulpo_base import operation\n"
                "@operation(name='orders.send', after=[place], models_in=[], models_out=[])\n"
                "async def send() -> None: ...\n"
            ),
        },
        {"words.py": "NAME = 'orders.put'\n"},
    ),
    "a class was asked what its model is called": Note(
        _believes("models"),
        {
            "words.py": "NAME = 'Purchase'\n",
            "order.py": (
                f"{MODEL}from words import NAME\n"
                "@datamodel(name=NAME)\nclass Order(Document):\n    total: int\n"
            ),
            "send.py": (
                "from order import Order\nfrom pulpo_base import operation\n"
                "@operation(name='orders.send')\n"
                "async def send() -> None:\n    await Order.find_one()\n"
            ),
        },
        {"words.py": "NAME = 'Bargain'\n"},
    ),
    "a basis says what is in its files": Note(
        _believes_files,
        {**SIZED, "kinds.py": "Size = int\n"},
        {"kinds.py": "Size = str\n"},
    ),
    "a basis says where its names led": Note(
        _believes_places,
        SIZED,
        {"kinds.py": "Size = str\n"},
    ),
}


def _changed(root: Path, note: Note) -> tuple[Any, Any]:
    """Return what is known of the changed project with what was kept before, and without."""
    for texts in (note.files, note.change):
        for path, text in texts.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text or "")
        kept = StaticDiscovery().discover(root, DiscoveryConfig())
    return kept, StaticDiscovery(cached=False).discover(root, DiscoveryConfig())


@pytest.mark.parametrize("name", NOTES)
def test_with_the_note_what_was_kept_is_refused(name: str, tmp_path: Path) -> None:
    kept, fresh = _changed(tmp_path, NOTES[name])
    assert repr(kept) == repr(fresh)


@pytest.mark.parametrize("name", NOTES)
def test_without_the_note_it_would_be_believed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    NOTES[name].without(monkeypatch)
    kept, fresh = _changed(tmp_path, NOTES[name])
    assert repr(kept) != repr(fresh)
