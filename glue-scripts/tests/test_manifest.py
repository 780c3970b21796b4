"""The manifest's JSON schema, which follows from model/manifest.ts, is what this package reads."""

from __future__ import annotations

import json
import types
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import lakewright
from lakewright.manifest import VERSION, Manifest

SCHEMA = json.loads((Path(lakewright.__file__).parent / "manifest.schema.json").read_text())
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def test_the_schema_and_the_dataclasses_say_the_same() -> None:
    schema, read = of_schema(SCHEMA), of_type(Manifest)
    assert schema.pop("version") == {VERSION} and read.pop("version") == "integer"
    assert schema == read


def of_schema(schema: dict[str, Any]) -> Any:
    """Objects as dictionaries, lists as lists, choices as sets; bounds are left out."""
    if "anyOf" in schema:
        return {"either": [of_schema(part) for part in schema["anyOf"]]}
    if isinstance(schema["type"], list):
        return {"either": schema["type"]}
    if "const" in schema or "enum" in schema:
        return set(schema.get("enum") or [schema["const"]])
    if schema["type"] == "array":
        return [of_schema(schema["items"])]
    if "properties" in schema:
        assert not schema["additionalProperties"]
        assert sorted(schema["required"]) == sorted(schema["properties"])
        return {name: of_schema(part) for name, part in schema["properties"].items()}
    if schema["type"] == "object":
        return {"each": of_schema(schema["additionalProperties"])}
    return schema["type"]


def of_type(type_: Any) -> Any:
    """The same notation for a type of the manifest's."""
    origin, arguments = get_origin(type_), get_args(type_)
    if is_dataclass(type_) and isinstance(type_, type):
        hints = get_type_hints(type_)
        return {field.name: of_type(hints[field.name]) for field in fields(type_)}
    if origin is Literal:
        return set(arguments)
    if origin is list:
        return [of_type(arguments[0])]
    if origin is dict:
        return {"each": of_type(arguments[1])}
    if origin is not None:
        return {"either": [of_type(argument) for argument in arguments]}
    return PLAIN[type_]
