"""Long work in a thread of its own: told, stopped, failed in words; never half."""

import logging
import threading

from geo.errors import ExportError
from geo.export.background_job import STOPPED, Job

SOON = 20  # seconds, far more than any of this takes


def test_job_gives_its_result_and_how_far_it_is():
    at_one, go_on = threading.Event(), threading.Event()

    def work(progress):
        progress(1, 4)
        at_one.set()
        go_on.wait(SOON)
        progress(4, 4)
        return b"file"

    job = Job(work)
    assert at_one.wait(SOON)
    assert (job.done, job.of, job.share, job.finished) == (1, 4, 0.25, False)
    assert (job.result, job.error, job.cancelled) == (None, "", False)
    go_on.set()
    assert job.wait(SOON)
    assert (job.result, job.error, job.share, job.cancelled) == (b"file", "", 1.0, False)
    job.cancel()
    assert (job.result, job.cancelled) == (b"file", False)


def test_stopped_job_ends_at_its_next_word_and_keeps_nothing():
    started, go_on, went_on = threading.Event(), threading.Event(), []

    def work(progress):
        progress(0, 2)
        started.set()
        go_on.wait(SOON)
        progress(1, 2)
        went_on.append(True)
        return b"half"

    job = Job(work)
    assert started.wait(SOON)
    job.cancel()
    go_on.set()
    assert job.wait(SOON)
    assert (job.result, job.error, job.cancelled, job.finished) == (None, STOPPED, True, True)
    assert went_on == []


def test_job_that_is_stopped_too_late_to_notice_keeps_nothing_either():
    started, go_on = threading.Event(), threading.Event()

    def work(progress):
        started.set()
        go_on.wait(SOON)
        return b"whole"

    job = Job(work)
    started.wait(SOON)
    job.cancel()
    go_on.set()
    assert job.wait(SOON)
    assert (job.result, job.cancelled) == (None, True)


def test_failure_that_is_known_is_told_in_its_own_words():
    def work(progress):
        raise ExportError("There is no theme 'pink'.")

    job = Job(work)
    assert job.wait(SOON)
    assert (job.result, job.error, job.cancelled) == (None, "There is no theme 'pink'.", False)


def test_failure_that_is_not_known_is_logged_and_told_in_a_sentence(caplog):
    def work(progress):
        return 1 / 0

    with caplog.at_level(logging.ERROR):
        job = Job(work, title="the briefing")
        assert job.wait(SOON)
    assert "ZeroDivisionError" in job.error
    assert job.error.endswith(".")
    assert "Traceback" not in job.error
    assert "the briefing failed" in caplog.text
    assert "division by zero" in caplog.text


def test_jobs_run_beside_each_other_and_end_with_the_process():
    meet = threading.Barrier(3)

    def work(progress):
        daemon = threading.current_thread().daemon
        meet.wait(SOON)
        return daemon

    jobs = [Job(work) for _ in range(2)]
    meet.wait(SOON)
    assert all(job.wait(SOON) for job in jobs)
    assert [job.result for job in jobs] == [True, True]
