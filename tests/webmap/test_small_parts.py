"""Ids, days, words and settings: the parts that everything stands on."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from webmap import clock, i18n, translate
from webmap.ids import uuid7
from webmap.settings import Settings


def test_ids_are_version_7_and_sort_by_the_time_they_were_made() -> None:
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()

    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert str(first) < str(second)
    assert abs((first.int >> 80) / 1000 - time.time()) < 60


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 made aware below
def test_a_day_in_vietnam_begins_seven_hours_before_it_does_in_utc(moment: datetime) -> None:
    instant = moment.replace(tzinfo=UTC)

    assert clock.day_of(instant) == date.fromordinal(int(instant.timestamp() + 7 * 3600) // 86400 + 719163)


@pytest.mark.parametrize(
    ("language", "said"),
    [("vi", ("93,4%", "101,1%", "–", "1.234.567", "2,5")), ("en", ("93.4%", "101.1%", "–", "1,234,567", "2.5"))],
)
def test_rates_and_numbers_follow_the_language_and_are_never_clamped(
    app: Flask, language: str, said: tuple[str, ...]
) -> None:
    with app.test_request_context(f"/?lang={language}"):
        figures = (i18n.rate(5646, 6045), i18n.rate(16984, 16796), i18n.rate(0, 0))
        assert (*figures, i18n.number(1234567), i18n.number(2.5, 1)) == said


def test_days_and_instants_are_written_as_people_write_them() -> None:
    assert i18n.day(date(2026, 5, 31)) == "31/05/2026"
    assert i18n.instant(datetime(2026, 5, 31, 10, 30, tzinfo=UTC)) == "17:30, 31/05/2026"


def test_a_setting_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://somewhere/webmap\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    assert Settings().database_url == "postgresql://somewhere/webmap"


def test_a_wrong_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBMAP_PORT", "many")

    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_a_translation_must_take_the_same_facts_as_its_sentence() -> None:
    catalogue = translate.read()
    catalogue.add("%(n)s doors", "các hộ")
    wrong = [line for message in catalogue if message.id for line in translate.wrong_with(message)]

    assert any("%(n)s doors" in line for line in wrong)
