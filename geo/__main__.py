"""`python -m geo …`."""

from geo.cli.main import main

main(prog_name="python -m geo")
