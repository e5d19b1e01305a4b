"""Run `python -m tests.support.compare_outputs`."""

from tests.support.compare_outputs.commands import main

main(prog_name="python -m tests.support.compare_outputs")
