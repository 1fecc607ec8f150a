"""Pure functions that remember what they answered: the lives of an office ask them the same thing again and again.

What was answered before is named by what it was answered to, so that a large frame is not looked through each time it
is asked about. Nobody may therefore write into an answer: `told` is for the test that nobody does.
"""

import hashlib
import io
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import pandas as pd

from dondoc.calendar import WorkCalendar
from dondoc.campaign import Campaign
from dondoc.sources.profile import Profile

# The end of a campaign, which no rule and no count looks at: lives differ in it most.
ENDS = {"deadline", "final_report_at", "deadline_reading", "deadline_moved"}
LARGE = (Campaign, WorkCalendar, Profile, pd.DataFrame)
MOST = 20000


class Memory:
    """What was asked and answered; an office keeps it for all its lives."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._known = OrderedDict[str, Any]()
        self._answers: dict[int, str] = {}
        self._others: dict[int, tuple[Any, str]] = {}
        self.asked = self.answered = 0

    def remembering(self, function: Callable[..., Any], key: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """Return a pure function that works out each answer once; what raises is asked again.

        `key` gives what its answer depends on, where that is not its arguments.
        """

        @wraps(function)
        def ask(*args: Any, **kwargs: Any) -> Any:
            named = self._key(function.__qualname__, key(*args, **kwargs) if key else (args, sorted(kwargs.items())))
            self.asked += 1
            if named in self._known:
                self.answered += 1
                self._known.move_to_end(named)
                return self._known[named]
            return self._keep(named, function(*args, **kwargs))

        return ask

    def forget(self) -> None:
        """Let go of what a life that is over was asked about, and of the oldest answers."""
        self._others.clear()
        while len(self._known) > MOST:
            for thing, _ in _parts(self._known.popitem(last=False)[1]):
                self._answers.pop(id(thing), None)

    def told(self) -> dict[str, bytes]:
        """Return each answer's bytes: they never change."""
        return {name: _content_of(answer) for name, answer in self._known.items()}

    def _keep(self, named: str, answer: Any) -> Any:
        self._known[named] = answer
        for thing, part in _parts(answer):
            self._answers.setdefault(id(thing), named + part)
        return answer

    def _key(self, name: str, asked: Any) -> str:
        told = io.BytesIO()
        _Told(told, self._name).dump(asked)
        return f"{name} {hashlib.sha256(told.getbuffer()).hexdigest()}"

    def _name(self, thing: Any) -> str:
        if (answer := self._answers.get(id(thing))) is not None:
            return answer
        if id(thing) not in self._others:
            self._others[id(thing)] = (thing, hashlib.sha256(_content_of(thing)).hexdigest())
        return self._others[id(thing)][1]


class _Told(pickle.Pickler):
    def __init__(self, file: io.BytesIO, name: Callable[[Any], str]) -> None:
        super().__init__(file, protocol=5)
        self._name = name

    def persistent_id(self, thing: Any) -> str | None:
        """Return what stands for what is large, or is on a disk."""
        if isinstance(thing, LARGE):
            return self._name(thing)
        return hashlib.sha256(thing.read_bytes()).hexdigest() if isinstance(thing, Path) else None


def _content_of(thing: Any) -> bytes:
    if isinstance(thing, Campaign):
        return thing.model_dump_json(exclude=ENDS).encode()
    if is_dataclass(thing) and not isinstance(thing, type):
        # Without what it works out of its fields when asked.
        return pickle.dumps([getattr(thing, one.name) for one in fields(thing)])
    return pickle.dumps(thing)


def _parts(answer: Any) -> Iterator[tuple[Any, str]]:
    """Yield the frames of an answer, and what tells each from the others."""
    if isinstance(answer, pd.DataFrame):
        yield answer, ""
    elif is_dataclass(answer) and not isinstance(answer, type):
        for one in fields(answer):
            if isinstance(part := getattr(answer, one.name), pd.DataFrame):
                yield part, f".{one.name}"
