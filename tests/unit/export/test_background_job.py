"""Background jobs: progress, cancellation and errors, never a partial result."""

import logging
import threading

from geo.errors import ExportError
from geo.export.background_job import STOPPED, Job

SOON = 20  # seconds; a timeout that is never reached


def test_job_gives_progress_and_result():
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


def test_cancelled_job_stops_at_its_next_progress_call():
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


def test_job_cancelled_after_its_last_step_has_no_result():
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


def test_known_error_is_reported_with_its_message():
    def work(progress):
        raise ExportError("There is no theme 'pink'.")

    job = Job(work)
    assert job.wait(SOON)
    assert (job.result, job.error, job.cancelled) == (None, "There is no theme 'pink'.", False)


def test_unknown_error_is_logged_and_reported_in_a_sentence(caplog):
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


def test_jobs_run_in_parallel_as_daemon_threads():
    meet = threading.Barrier(3)

    def work(progress):
        daemon = threading.current_thread().daemon
        meet.wait(SOON)
        return daemon

    jobs = [Job(work) for _ in range(2)]
    meet.wait(SOON)
    assert all(job.wait(SOON) for job in jobs)
    assert [job.result for job in jobs] == [True, True]
