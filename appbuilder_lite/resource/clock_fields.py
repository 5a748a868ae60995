"""Fields of dates and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from appbuilder_lite.data.intervals import interval_text, parse_interval
from appbuilder_lite.data.types import Column
from appbuilder_lite.resource.column_field import ColumnField
from appbuilder_lite.text import gettext


class DateField(ColumnField):
    """A date, written as in ISO 8601."""

    python_types = (date,)

    @property
    def control(self) -> str:
        return "date"

    @property
    def can_hold(self) -> bool:
        return super().can_hold and not isinstance(self.object_data, datetime)

    def text_of(self, value: Any) -> str:
        return value.isoformat() if isinstance(value, date) else super().text_of(value)

    def parse(self, text: str) -> date:
        try:
            return datetime.strptime(text.strip(), "%Y-%m-%d").date()
        except ValueError:
            raise ValueError(gettext("Not a date; write it like 2024-12-31.")) from None


class _ClockField(ColumnField):
    """A field with a time of day: seconds are always shown, their fractions where there are some."""

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        if _fraction(value):
            self.render_kw["step"] = "0.001"

    @classmethod
    def attributes(cls, column: Column) -> dict[str, Any]:
        return {"step": 1}


def _fraction(value: Any) -> int:
    """Microseconds of a time or datetime."""
    return value.microsecond if isinstance(value, time | datetime) else 0


class TimeField(_ClockField):
    """A time of day, written as in ISO 8601."""

    python_types = (time,)

    @property
    def control(self) -> str:
        """Browsers know milliseconds at most, and no zone."""
        has_zone = isinstance(self.data, time) and self.data.tzinfo is not None
        return "text" if has_zone or _fraction(self.data) % 1000 else "time"

    def text_of(self, value: Any) -> str:
        if not isinstance(value, time):
            return super().text_of(value)
        return value.isoformat(_precision(value.microsecond))

    def parse(self, text: str) -> time:
        try:
            value = time.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(gettext("Not a time; write it like 23:59:58.")) from None
        if value.tzinfo is not None and not self.column.timezone:
            raise ValueError(gettext("A time without a zone is due here."))
        return value


def _precision(microsecond: int) -> str:
    if not microsecond:
        return "seconds"
    return "microseconds" if microsecond % 1000 else "milliseconds"


class DateTimeField(_ClockField):
    """A point in time, written as in ISO 8601; where the column keeps a zone, shown and read in UTC."""

    python_types = (datetime,)

    @property
    def control(self) -> str:
        """Browsers know milliseconds at most, and no zone."""
        has_zone = isinstance(self.data, datetime) and _in_utc(self.data).tzinfo is not None
        return "text" if has_zone or _fraction(self.data) % 1000 else "datetime-local"

    def text_of(self, value: Any) -> str:
        if not isinstance(value, datetime):
            return super().text_of(value)
        shown = _in_utc(value)
        return shown.isoformat("T", _precision(shown.microsecond))

    def parse(self, text: str) -> datetime:
        text = text.strip()
        try:
            if "T" not in text and " " not in text:
                raise ValueError(text)
            value = datetime.fromisoformat(text)
            is_aware = self._is_aware
            if value.tzinfo is None:
                return value.replace(tzinfo=UTC) if is_aware else value
            value = value.astimezone(UTC)
        except (ValueError, OverflowError):
            raise ValueError(gettext("Not a date and time; write it like 2024-12-31 23:59:58.")) from None
        return value if is_aware else value.replace(tzinfo=None)

    @property
    def _is_aware(self) -> bool:
        """Whether values carry a zone; a database may drop it though the column asks for it."""
        stored = self.object_data
        return stored.tzinfo is not None if isinstance(stored, datetime) else self.column.timezone

    def _kept(self, value: Any) -> Any:
        stored = self.object_data
        return stored if isinstance(stored, datetime) and value == stored else value


def _in_utc(value: datetime) -> datetime:
    """The same moment without its zone; within a day of the first or last year there is no UTC that Python can hold."""
    try:
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo is not None else value
    except OverflowError:
        return value


class IntervalField(ColumnField):
    """A length of time, written like `1d 2h 3m 4.5s`."""

    python_types = (timedelta,)

    @property
    def hint(self) -> str:
        return gettext("Like %(example)s.", example="1d 2h 30m 4.5s")

    def text_of(self, value: Any) -> str:
        return interval_text(value) if isinstance(value, timedelta) else super().text_of(value)

    def parse(self, text: str) -> timedelta:
        try:
            return parse_interval(text)
        except (ValueError, OverflowError):
            message = gettext("Not a length of time; write it like %(example)s.", example="1d 2h 30m 4.5s")
            raise ValueError(message) from None
