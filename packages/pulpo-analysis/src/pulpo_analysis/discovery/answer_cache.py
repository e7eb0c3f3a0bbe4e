"""`AnswerCache`: what was found out about each file, kept beside the facts."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pulpo_analysis.cache.encoding import encoding_of
from pulpo_analysis.cache.store import Store
from pulpo_analysis.cache.version import code_version
from pulpo_analysis.discovery.answers import FileAnswers
from pulpo_analysis.discovery.files import SourceFile

__all__ = ["AnswerCache"]


class AnswerCache:
    """The answers about one project's files, by path and content.

    Whether they still hold is for who takes them out: each says what it was made of.
    """

    def __init__(self, root: Path) -> None:
        """Use the cache of the project in `root`."""
        self._encoding = encoding_of(FileAnswers)
        self._store = Store(root, "answers", code_version(self._encoding))

    def get(self, file: SourceFile, source: bytes) -> FileAnswers:
        """Return what is kept about a file with that content, nothing where nothing is."""
        data = self._store.get(source, file.relative.encode(), file.module.encode())
        if data is not None:
            # What does not read as answers is worked out again, and written anew.
            with contextlib.suppress(ValueError):
                answers: FileAnswers = self._encoding.decode(data)
                return answers
        return FileAnswers()

    def put(self, file: SourceFile, source: bytes, answers: FileAnswers) -> None:
        """Keep what was found out about a file with that content."""
        # Answers too deep or too odd to be written are worked out each time.
        with contextlib.suppress(TypeError, ValueError, RecursionError):
            data = self._encoding.encode(answers)
            self._store.put(data, source, file.relative.encode(), file.module.encode())

    def tidy(self) -> None:
        """Forget what is long out of use."""
        self._store.tidy()
