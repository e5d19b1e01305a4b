"""The base of every evidence record, and the types of its fields."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from geo.evidence import rules


def _check_iso_day(value: Any) -> Any:
    written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    if value is None or type(value) is date or written:
        return value
    raise PydanticCustomError("iso_day", "not a day written as YYYY-MM-DD")


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")]
Rating = Annotated[Id | None, BeforeValidator(rules.write_rating_id)]  # None: not rated
Day = Annotated[date | None, BeforeValidator(_check_iso_day)]
Link = Annotated[str, Field(pattern=r"^https?://[^\s\"'<>]+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[StrictInt, Field(ge=0, le=1_000_000_000)] | None  # layers count in 64 bits
Lon = Annotated[float, Field(ge=-180, le=180, strict=True, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, strict=True, allow_inf_nan=False)]
Metres = Annotated[float, Field(ge=0, strict=True, allow_inf_nan=False)]
Bearing = Annotated[float, Field(ge=0, le=360, strict=True, allow_inf_nan=False)]
Point = tuple[Lon, Lat]
Bounds = tuple[Lon, Lat, Lon, Lat]


class Record(BaseModel):
    """A frozen record that rejects unknown fields. Equal when every field is equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    RULES: ClassVar[tuple[rules.Rule, ...]] = ()

    @model_validator(mode="after")
    def _check_rules(self) -> Self:
        found = rules.find_breaches(dict(self), self.RULES)
        if found:
            reasons = "; ".join(f"{b.field}: {b.why} ({b.value!r}), {b.remedy}" for b in found)
            raise PydanticCustomError("evidence_rule", "{reasons}", {"reasons": reasons})
        return self
