"""Summaries of all functions that operations reach: a work list, so that recursion ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from pulpo_analysis.discovery.bodies.evaluation import evaluate_function
from pulpo_analysis.discovery.bodies.exceptions import Exceptions
from pulpo_analysis.discovery.bodies.frame import Frame
from pulpo_analysis.discovery.bodies.known import Function
from pulpo_analysis.discovery.bodies.project import Project
from pulpo_analysis.discovery.bodies.summary import Summary
from pulpo_analysis.discovery.bodies.values import Value

__all__ = ["Solver"]

#: How often a function is looked at again because one that it calls turned out to do more.
_ROUNDS = 12

_Key = tuple[str, str, tuple[Value, ...]]


@dataclass(slots=True)
class Solver:
    """Finds the summary of each function once, and again while those that it calls change."""

    project: Project
    exceptions: Exceptions
    _summaries: dict[_Key, Summary] = field(default_factory=dict)
    _functions: dict[_Key, Function] = field(default_factory=dict)
    _callers: dict[_Key, dict[_Key, None]] = field(default_factory=dict)
    _places: dict[_Key, int] = field(default_factory=dict)
    _rounds: dict[_Key, int] = field(default_factory=dict)
    _new: list[_Key] = field(default_factory=list)
    _stale: set[_Key] = field(default_factory=set)
    _current: _Key | None = None

    def summary(self, function: Function) -> Summary:
        """Return all that the function does, the functions that it reaches included."""
        key = self._know(function)
        while self._new or self._stale:
            # What was found last is called by what was found before it, so it goes first.
            following = (
                self._new.pop() if self._new else max(self._stale, key=self._places.__getitem__)
            )
            self._stale.discard(following)
            self._evaluate(following)
        return self._summaries[key]

    def _know(self, function: Function) -> _Key:
        key = (function.key, function.owner, function.made_of)
        if key not in self._functions:
            self._places[key] = len(self._functions)
            self._functions[key] = function
            self._summaries[key] = Summary()
            self._new.append(key)
        return key

    def _ask(self, function: Function) -> Summary:
        key = self._know(function)
        if self._current is not None:
            self._callers.setdefault(key, {})[self._current] = None
        return self._summaries[key]

    def _evaluate(self, key: _Key) -> None:
        self._rounds[key] = self._rounds.get(key, 0) + 1
        self._current = key
        frame = Frame(self._functions[key], self.project, self.exceptions, self._ask)
        found = evaluate_function(frame)
        self._current = None
        if found == self._summaries[key]:
            return
        self._summaries[key] = found
        for caller in self._callers.get(key, ()):
            if self._rounds.get(caller, 0) < _ROUNDS:
                self._stale.add(caller)
