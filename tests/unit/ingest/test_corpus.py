"""Verdict, counts and messages of every corpus case, in all formats."""

from __future__ import annotations

import time

import pytest

from geo.ingest.save_result import to_store_layer
from tests.support.import_results import result_text
from tests.unit.ingest import corpus_files, corpus_hostile, corpus_json, corpus_rows, corpus_tables

PARTS = (corpus_tables, corpus_rows, corpus_json, corpus_files, corpus_hostile)
CASES = [case for part in PARTS for case in part.CASES]


def test_corpus_has_many_cases_with_unique_ids():
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids)) >= 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_corpus_file_gets_the_expected_result(case, read):
    body = case.body()
    start = time.process_time()
    reading = read(body, case.name)
    assert time.process_time() - start < 10
    said = result_text(reading)
    assert (reading.verdict, reading.accepted) == (case.verdict, case.accepted), said
    assert reading.rejected_count == case.aside, said
    for words in case.words:
        assert words in said, said
    assert reading.frame.crs == "EPSG:4326"
    assert list(reading.frame.index) == list(reading.times.index) == list(range(reading.accepted))
    if reading.verdict == "reject":
        assert any(message.level == "error" for message in reading.messages)
    if reading.accepted:
        assert reading.frame.geometry.notna().all()
        assert reading.frame.is_valid.all()
        frame, columns = to_store_layer(reading)
        assert len(frame) == reading.accepted
        assert columns is None or set(columns) <= set(frame.columns)
