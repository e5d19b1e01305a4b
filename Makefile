# Two commands: `make run` serves the dashboard, `make test` runs all tests. Each sets itself up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
PYTEST_ARGS ?=
FUZZ_SECONDS ?= 60
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -c constraints.txt -e
# Compile installed packages on all processors; files that need another Python version may fail.
COMPILE := $(BIN)/python -m compileall -qq -j 0

.PHONY: run test for-tests programs bench fuzz check-data frontend frontend-check lint clean help
.DEFAULT_GOAL := help

help:
	@echo "make run         serve the dashboard on http://127.0.0.1:$(PORT); CASE=folder shows another case"
	@echo "make test        set up and run every test, browser tests included"
	@echo "make bench       run the benchmarks and print them with their baselines"
	@echo "make fuzz        fuzz the file readers (FUZZ_SECONDS=$(FUZZ_SECONDS))"
	@echo "make check-data  validate every evidence record"
	@echo "make frontend    rebuild geo/frontend/dist from its sources (needs Node.js)"
	@echo "make lint        the front end's checks, ruff, mypy and import-linter"

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	$(INSTALL) .
	@$(COMPILE) $(VENV)/lib || true
	@touch $@

$(VENV)/.test-installed: $(VENV)/pyvenv.cfg pyproject.toml constraints.txt
	$(INSTALL) ".[test]"
	@$(COMPILE) $(VENV)/lib || true
	@touch $(VENV)/.installed $@

# Install Chromium, PostgreSQL and nginx, in parallel with pip
programs:
	@$(PYTHON) tools/ensure_programs.py

for-tests:
	@$(MAKE) --no-print-directory -j2 $(VENV)/.test-installed programs

run: $(VENV)/.installed
	$(BIN)/streamlit run dashboard.py --server.port $(PORT)

test: for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@# Two processors: unit and app tests beside the checks, their output printed afterwards; then
	@# the browser tests, which wait for answers of servers and are not to compete with the former.
	@$(BIN)/python -m pytest tests/unit tests/app -n 2 --dist worksteal $(PYTEST_ARGS) \
	  > $(VENV)/unit-tests.txt 2>&1 & unit=$$!; \
	  $(MAKE) --no-print-directory frontend-check && $(BIN)/lint-imports && $(BIN)/mypy && $(BIN)/python -m geo check-data; \
	  checks=$$?; wait $$unit; unit=$$?; cat $(VENV)/unit-tests.txt; \
	  $(BIN)/python -m pytest tests/deploy tests/browser -n 2 --dist loadfile $(PYTEST_ARGS); browser=$$?; \
	  [ $$checks = 0 ] && [ $$unit = 0 ] && [ $$browser = 0 ]

bench: for-tests
	$(BIN)/python -m pytest -m bench -s tests/bench

fuzz: $(VENV)/.test-installed
	$(INSTALL) ".[fuzz]"
	$(BIN)/python tests/fuzz/fuzz_ingest.py -max_total_time=$(FUZZ_SECONDS)

check-data: $(VENV)/.installed
	$(BIN)/python -m geo check-data

frontend: $(VENV)/pyvenv.cfg
	$(BIN)/python tools/frontend.py build

# Types, lint and unit tests of geo/frontend; also fails if the committed bundle is outdated
frontend-check: $(VENV)/pyvenv.cfg
	$(BIN)/python tools/frontend.py check

lint: $(VENV)/.test-installed frontend-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

clean:
	rm -rf $(VENV) node_modules build *.egg-info .pytest_cache .ruff_cache .mypy_cache test-results
