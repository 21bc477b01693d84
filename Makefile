# The paper, from a bare machine: `make` builds everything, `make test` checks it.
# Needs Python 3.11 or newer with its venv module; everything else is installed into .venv, pinned and hashed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

.PHONY: all setup demo working test test-slow coverage mutation check preview bench figures lock clean

all: $(VENV)/ready
	$(BIN)/paper build --strict

# What building and checking need, without building.
setup: $(VENV)/ready-dev

demo: $(VENV)/ready
	$(BIN)/paper build --profile demo

# The text with what is said to the author beside it; like the demonstration, never published.
working: $(VENV)/ready
	$(BIN)/paper build --profile working --engine embedded

# Side by side on all processors; the tests of one file stay together, as they share the book that they build.
# tests/order.py says which files begin, and by how many processes they are run.
test: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

# What takes minutes: every command of the guides, hooks, previews, the browser over all pages, broken-off and
# repeated builds of the paper, properties with all their examples.
test-slow: $(VENV)/ready-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "slow or examples"

# What the tests run of the package, also in kernels and other processes; fails below the share in pyproject.toml.
coverage: $(VENV)/ready-dev
	rm -rf .paper/coverage && mkdir -p .paper/coverage
	$(BIN)/coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Would a test notice? One change at a time in analysis, privacy and numbering; takes about an hour.
mutation: $(VENV)/ready-dev
	$(BIN)/python -m benchmarks.mutation

check: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/paper check --strict

preview: $(VENV)/ready
	$(BIN)/paper preview

bench: $(VENV)/ready
	$(BIN)/python -m benchmarks

figures: $(VENV)/ready
	$(BIN)/paper render-figures

lock:
	uv pip compile $(LOCK_OPTIONS) --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements.in --output-file requirements.txt
	uv pip compile $(LOCK_OPTIONS) --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --override requirements-dev-override.in requirements-dev.in --output-file requirements-dev.txt

clean:
	rm -rf _site _site-demo _site-working .paper .quarto

# -- setting up --------------------------------------------------------------------------------------------

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing. Install Python 3.11 or newer, then run make again."; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) --version), too old. Install Python 3.11 or newer, or name one: make PYTHON=python3.12"; exit 3; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python lacks its venv module. Install it (on Debian or Ubuntu: apt install python3-venv), then run make again."; exit 3; }
	@echo "Setting up $(VENV) (once, some minutes)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready: $(VENV)/bin/python requirements.txt pyproject.toml
	@$(PIP) --no-deps --require-hashes -r requirements.txt  # the lock is whole: nothing is left to resolve
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q scripts/paper  # an editable package is left as text, which each process would compile
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	@$(PIP) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@
