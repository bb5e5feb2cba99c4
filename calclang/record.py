"""Records: dataclasses whose methods are shared, frozen unless they say otherwise.

The library writes and compiles six functions for each of its own, a quarter of a millisecond; a hundred of them would be a third of the
program's start. These behave the same (``replace``, ``fields``, matching by position) at a fifteenth of that price, and are made half as fast:
what is made by the thousand (`Span`, `Arr`) stays a plain dataclass, and so does what computes a field from others.

>>> @record
... class Point:
...     x: float
...     y: float = 0.0
>>> Point(1), Point(1) == Point(1, 0.0)
(Point(x=1, y=0.0), True)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")
_set = object.__setattr__


@overload
def record(cls: type[T], /) -> type[T]: ...
@overload
def record(*, eq: bool = True, frozen: bool = True, kw_only: bool = False, slots: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(
    cls: type[T] | None = None, /, *, eq: bool = True, frozen: bool = True, kw_only: bool = False, slots: bool = False
) -> Any:
    """A class as a dataclass; with ``eq=False`` its objects equal only themselves. Methods that it has or inherits stay."""
    if cls is None:
        return partial(record, eq=eq, frozen=frozen, kw_only=kw_only, slots=slots)
    cls.__doc__ = cls.__doc__ or cls.__name__  # the library would inspect the signature
    made: Any = dataclass(init=False, eq=False, repr=False, kw_only=kw_only, slots=slots)(cls)
    made.__init__ = _init
    if frozen:
        made.__setattr__ = made.__delattr__ = _refuse
    if made.__repr__ is object.__repr__:
        made.__repr__ = _repr
    described = made.__dataclass_fields__.values()
    made.__record_defaults__ = {f.name: f for f in described if f.default is not MISSING or f.default_factory is not MISSING}
    if eq and made.__eq__ is object.__eq__:
        compared = [f.name for f in described if f.compare]
        made.__record_key__ = attrgetter("__class__", *compared)
        made.__eq__, made.__hash__ = _eq, _hash if frozen else None
    return made


def _init(self: Any, *parts: Any, **named: Any) -> None:
    for name, part in zip(self.__match_args__, parts, strict=False):
        _set(self, name, part)
    for name, part in named.items():
        _set(self, name, part)
    if len(parts) + len(named) < len(self.__dataclass_fields__):
        for name, told in self.__record_defaults__.items():
            if name not in named and name not in self.__match_args__[: len(parts)]:
                _set(self, name, told.default if told.default_factory is MISSING else told.default_factory())


def _refuse(self: Any, name: str, *value: Any) -> None:
    raise FrozenInstanceError(f"cannot assign to or delete field {name!r}")


def _repr(self: Any) -> str:
    shown = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{type(self).__qualname__}({shown})"


def _eq(self: Any, other: Any) -> Any:
    return self.__record_key__(self) == self.__record_key__(other) if type(self) is type(other) else NotImplemented


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))
