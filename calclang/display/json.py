"""Values and errors as lines of JSON, for other programs."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any

import numpy as np

from calclang.display.values import source
from calclang.errors import Diagnostic
from calclang.values import Parts, RangeValue, Row, Value


def value_record(value: Value) -> dict[str, Any]:
    """``{"kind", "shape", "value"}``; a tuple has ``parts``, a function ``source``."""
    if isinstance(value, bool | np.bool_):
        return {"kind": "boolean", "shape": [], "value": bool(value)}
    if isinstance(value, float | int):
        return {"kind": "scalar", "shape": [], "value": _number(float(value))}
    if isinstance(value, str):
        return {"kind": "string", "shape": [], "value": str(value)}
    if isinstance(value, RangeValue):
        return {"kind": "range", "shape": [len(value)], "value": source(value)}
    if isinstance(value, Parts):
        return {"kind": "tuple", "shape": [len(value)], "parts": _parts(value)}
    if isinstance(value, Row):
        return {"kind": "row", "shape": [1, len(value.array)], "value": [[_entry(x) for x in value.array]]}
    if isinstance(value, np.ndarray):
        kind = {1: "vector", 2: "matrix"}.get(value.ndim, "tensor")
        return {"kind": kind, "shape": list(value.shape), "value": _nested(value)}
    return {"kind": "function", "shape": [], "source": value.source()}


def _parts(value: Parts) -> list[dict[str, Any]]:
    names = value.names or ("",) * len(value)
    return [({"name": name} if name else {}) | value_record(part) for name, part in zip(names, value.values, strict=True)]


def _number(x: float) -> float | int | str:
    """JSON has neither nan nor infinity: they are strings."""
    if not isfinite(x):
        return str(x)
    return int(x) if x == int(x) and abs(x) < 2**53 and str(x) != "-0.0" else x


def _entry(x: Any) -> Any:
    return bool(x) if isinstance(x, bool | np.bool_) else _number(float(x))


def _nested(array: Any) -> Any:
    return [_nested(a) for a in array] if array.ndim > 1 else [_entry(x) for x in array]


def diagnostic_record(diagnostic: Diagnostic) -> dict[str, Any]:
    """``{"error": {…}}`` or ``{"warning": {…}}``; place and length in characters, null where there is no place."""
    span = diagnostic.labels[0].span if diagnostic.labels and diagnostic.labels[0].span.source.text else None
    record: dict[str, Any] = {"code": diagnostic.code, "message": diagnostic.message}
    record |= {
        "file": span.source.name if span else None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "length": span.stop - span.start if span else None,
        "help": diagnostic.help,
    }
    if diagnostic.notes:
        record["notes"] = list(diagnostic.notes)
    return {"warning" if diagnostic.code.startswith("W-") else "error": record}


def line(record: dict[str, Any]) -> str:
    """One line, without characters that a terminal would act on."""
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return text if text.isprintable() else json.dumps(record, allow_nan=False).replace("\x7f", "\\u007f")
