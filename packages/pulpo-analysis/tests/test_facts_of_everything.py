"""What the cache keeps of a file is what its source says, for all that readers know to find."""

from __future__ import annotations

from pathlib import Path

from pulpo_analysis.cache.encoding import Encoding
from pulpo_analysis.discovery.facts import ModuleFacts
from pulpo_analysis.discovery.reader import read_module

IGNORED = b"""def now():  # pulpo: ignore[PLO034] the caller wants local time
    return 1
"""
ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "examples", Path(__file__).parent / "cases", ROOT / "packages/pulpo-analysis/src")


def test_facts_come_back_as_they_were() -> None:
    encoding = Encoding(ModuleFacts)
    bodies = smells = ignores = 0
    files = sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))
    sources = [(file.relative_to(ROOT).as_posix(), file.read_bytes()) for file in files]
    for path, source in [*sources, ("ignored.py", IGNORED)]:
        facts = read_module(source, path, Path(path).stem)
        if not isinstance(facts, ModuleFacts):
            continue
        again = encoding.decode(encoding.encode(facts))
        # `repr` besides, because a tuple equals the named tuple that it should be.
        assert again == facts, path
        assert repr(again) == repr(facts), path
        bodies += sum(bool(fact.body) for fact in facts.functions.values())
        smells, ignores = smells + len(facts.smells), ignores + len(facts.ignores)
    assert min(bodies, smells, ignores) > 0
