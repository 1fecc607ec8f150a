"""What a setting should look like, said from its type: every field of every model has a form and an example."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from enum import Enum
from inspect import isclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dondoc.configuration.documents import KEY, Loc

# By type, the narrower first: a bool is an int, an instant a day.
FORMS: dict[type, str] = {
    bool: "true hoặc false",
    int: "số nguyên, ví dụ 5",
    float: "số, phần lẻ sau dấu chấm, ví dụ 0.05",
    datetime: "ngày giờ, ví dụ 2023-11-16 16:00",
    date: "ngày, ví dụ 2023-11-16",
    time: "giờ, ví dụ 07:30",
    str: "chữ, đặt trong dấu nháy kép nếu toàn chữ số",
}


def form_of(model: type[BaseModel], loc: Loc) -> str:
    """Return the form of the field at `loc` of `model`; empty where there is no such field."""
    kind, description = _field_at(model, loc)
    return description or _form(kind)


def fields_of(model: type[BaseModel], loc: Loc) -> list[str]:
    """Return the names of the fields that what stands at `loc` may have."""
    kind, _ = _field_at(model, loc)
    return sorted({name for one in _members(kind) if _is_model(one) for name in one.model_fields})


def _field_at(model: type[BaseModel], loc: Loc) -> tuple[Any, str]:
    kind: Any = model
    description = ""
    steps = loc[:-2] if loc and loc[-1] == KEY else loc
    for part in steps:
        kind, description = _step(kind, part, description)
    if steps is not loc:
        kind = next((get_args(one)[0] for one in _members(kind) if get_origin(one) is dict), None)
        return kind, _described(kind)
    return kind, description


def _step(kind: Any, part: str | int, description: str) -> tuple[Any, str]:
    for one in _members(kind):
        if _is_model(one) and part in one.model_fields:
            field = one.model_fields[part]
            return field.annotation, field.description or _described(field.annotation)
        if get_origin(one) is tuple and isinstance(part, int):
            inner = [arg for arg in get_args(one) if arg is not Ellipsis]
            found = inner[min(part, len(inner) - 1)]
            return found, _described(found)
        if get_origin(one) is dict:
            found = get_args(one)[1]
            return found, _described(found)
    # What pydantic adds to a place to tell the members of a union apart is no step.
    return kind, description


def _members(kind: Any) -> Iterator[Any]:
    """Yield the types `kind` may be, without None and without what is annotated."""
    if get_origin(kind) is Annotated:
        yield from _members(get_args(kind)[0])
    elif get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from _members(one)
    elif kind is not NoneType:
        yield kind


def _described(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        found = [one.description for one in get_args(kind) if isinstance(one, FieldInfo) and one.description]
        return found[0] if found else _described(get_args(kind)[0])
    members = list(get_args(kind)) if get_origin(kind) in (Union, UnionType) else []
    return next(filter(None, map(_described, members)), "")


def _form(kind: Any) -> str:
    return " hoặc ".join(dict.fromkeys(filter(None, map(_plain_form, _members(kind)))))


def _plain_form(kind: Any) -> str:
    origin = get_origin(kind)
    if origin in COLLECTIONS:
        return COLLECTIONS[origin](kind)
    if _is_model(kind):
        required = [name for name, field in kind.model_fields.items() if field.is_required()]
        return f"nhóm mục gồm {', '.join(required or kind.model_fields)}"
    if isclass(kind) and issubclass(kind, Enum):
        return _one_of([one.value for one in kind])
    return next((form for known, form in FORMS.items() if isclass(kind) and issubclass(kind, known)), "")


def _list_form(kind: Any) -> str:
    inner = get_args(kind)[0]
    form = _described(inner) or _form(inner)
    return f"danh sách, mỗi giá trị một dòng bắt đầu bằng “- ”, mỗi giá trị là {form}"


def _one_of(values: list[Any]) -> str:
    return f"một trong: {', '.join(str(value) for value in values)}"


COLLECTIONS: dict[Any, Callable[[Any], str]] = {
    tuple: _list_form,
    dict: lambda _: "các dòng dạng “tên: giá trị”",
    Literal: lambda kind: _one_of(list(get_args(kind))),
}


def _is_model(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, BaseModel)
