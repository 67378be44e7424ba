"""What a unit's settings are made of: numbers that are distributions, colours, weighted picks, flags.

A unit writes::

    class Config(Settings):
        amount: Distribution = Number(0, lo=0, hi=1, kind="exponential", about="share of pixels set to black or white")
        mode: Choices = Pick(("salt", "pepper"), default="salt", about="what is set")

and gets loading, messages, the JSON Schema and the flat form from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from glyphmill.config.numbers import NumberSpec, SettingError
from glyphmill.config.picks import Choices, ColorRange, ColorSpec, PickSpec
from glyphmill.config.scalars import Trap, describe
from glyphmill.sampling import Distribution

__all__ = [
    "Choices",
    "Color",
    "ColorRange",
    "Distribution",
    "Number",
    "Numbers",
    "Pick",
    "Settings",
    "Whole",
    "parser_of",
    "to_plain",
]

Parser = NumberSpec | ColorSpec | PickSpec


class Settings(BaseModel):
    """Base of every unit's config: frozen, unknown keys refused, ``null`` means the default, nothing coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _null_means_default(cls, given: object) -> object:
        if isinstance(given, Mapping):
            return {key: value for key, value in given.items() if value is not None}
        return given

    @field_validator("*", mode="before")
    @classmethod
    def _no_coercion(cls, value: object, info: ValidationInfo) -> object:
        annotation = cls.model_fields[cast("str", info.field_name)].annotation
        if annotation is bool and not isinstance(value, bool):
            raise _custom(SettingError(f"got {describe(value)}; expected true or false"))
        if annotation in (int, float) and (isinstance(value, bool) or not isinstance(value, (int, float))):
            raise _custom(SettingError(f"got {describe(value)}; expected a number"))
        if parser_of(cls.model_fields[cast("str", info.field_name)]) is None:
            _check_traps(value)
        return value


def _check_traps(value: object, at: tuple[str | int, ...] = ()) -> None:
    """Refuse text that YAML readers disagree on, in lists and mappings too."""
    if isinstance(value, Trap):
        raise _custom(SettingError(f"got {describe(value)}; expected text: write it in quotes", at))
    if isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            _check_traps(item, (*at, position))
    elif isinstance(value, Mapping):
        for name, item in value.items():
            _check_traps(item, (*at, str(name)))


@dataclass(frozen=True)
class Parsed:
    """Pydantic metadata: the field's value is made by ``parser``; ``many`` for a mapping of names to such values."""

    parser: Parser
    many: bool = False

    def __get_pydantic_core_schema__(self, source: object, handler: object) -> core_schema.CoreSchema:
        """Replace whatever pydantic would do for the annotation."""
        return core_schema.no_info_plain_validator_function(self._validate)

    def _validate(self, value: object) -> object:
        try:
            return self._parse_many(value) if self.many else self.parser.parse(value)
        except SettingError as error:
            raise _custom(error) from error

    def _parse_many(self, value: object) -> dict[str, Distribution | ColorRange | Choices]:
        if not isinstance(value, Mapping):
            raise SettingError(f"got {describe(value)}; expected a mapping of names to values")
        made: dict[str, Distribution | ColorRange | Choices] = {}
        for name, item in value.items():
            try:
                made[str(name)] = self.parser.parse(item)
            except SettingError as error:
                raise SettingError(error.message, (str(name), *error.at)) from error
        return made


def _custom(error: SettingError) -> PydanticCustomError:
    """The error in the form that pydantic keeps: the message, and where inside the value it is."""
    return PydanticCustomError("setting", "{message}", {"message": error.message, "at": error.at})


def Number(  # noqa: N802 - reads as a type in a class body
    default: float | tuple[float, float],
    lo: float | None = None,
    hi: float | None = None,
    unit: str = "",
    kind: str = "uniform",
    about: str = "",
) -> Any:
    """A number setting; its value is a ``Distribution`` of floats.

    Args:
        default: a number, or (min, max) of the distribution ``kind``.
        lo: least value allowed, inclusive; None for no bound.
        hi: greatest value allowed, inclusive.
        unit: such as ``px``, ``degrees``; "" for a plain ratio.
        kind: the distribution where min and max are given without one.
        about: one line for the docs and the JSON Schema.
    """
    return _numeric(NumberSpec(lo=lo, hi=hi, unit=unit, kind=kind), default, about)


def Whole(  # noqa: N802
    default: int | tuple[int, int],
    lo: int | None = None,
    hi: int | None = None,
    unit: str = "",
    kind: str = "uniform",
    about: str = "",
) -> Any:
    """As ``Number``, for whole numbers; the distribution includes both ends and draws int."""
    return _numeric(NumberSpec(lo=lo, hi=hi, unit=unit, kind=kind, integer=True), default, about)


def _numeric(spec: NumberSpec, default: float | tuple[float, float], about: str) -> Any:
    made = spec.make(*default) if isinstance(default, tuple) else Distribution.constant(default, integer=spec.integer)
    return _field(spec.with_default(made), made, about)


def Numbers(  # noqa: N802
    lo: float | None = None, hi: float | None = None, unit: str = "", kind: str = "uniform", about: str = ""
) -> Any:
    """A mapping of free names to numbers, such as font axes; ``dict[str, Distribution]``, empty by default."""
    return _field(NumberSpec(lo=lo, hi=hi, unit=unit, kind=kind), {}, about, many=True)


def Color(  # noqa: N802
    default: tuple[Sequence[int], Sequence[int]] = ((0, 0, 0), (0, 0, 0)), about: str = ""
) -> Any:
    """A colour or a range of colours; its value is a ``ColorRange``. Four channels if the default has four."""
    made = ColorRange(tuple(default[0]), tuple(default[1]))
    return _field(ColorSpec(default=made), made, about)


def Pick(  # noqa: N802
    options: Sequence[str], default: str | Sequence[str] | None, about: str = ""
) -> Any:
    """One of ``options``, or several with weights; its value is a ``Choices``, or None by default."""
    spec = PickSpec(tuple(options))
    if default is None:
        return _field(spec, None, about)
    return _field(spec, spec.parse(default if isinstance(default, str) else list(default)), about)


def _field(parser: Parser, default: object, about: str, *, many: bool = False) -> Any:
    info = cast("FieldInfo", Field(default=default, description=about))
    info.metadata.append(Parsed(parser, many))
    return info


def parsed_of(info: FieldInfo) -> Parsed | None:
    """How the field is read, if it is one of this module's."""
    return next((item for item in info.metadata if isinstance(item, Parsed)), None)


def parser_of(info: FieldInfo) -> Parser | None:
    """The number, colour or pick that the field (or each item of its mapping) is."""
    parsed = parsed_of(info)
    return parsed.parser if parsed else None


def to_plain(value: object) -> Any:
    """The JSON-able spelling of a setting or of all settings of a unit; None is left out. Loads to an equal value."""
    if isinstance(value, Settings):
        return {name: to_plain(item) for name, item in value if item is not None}
    if isinstance(value, (Distribution, ColorRange, Choices)):
        return to_plain(NumberSpec.spell(value) if isinstance(value, Distribution) else value.to_plain())
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
