# Từng Ngõ. `make` lists what there is.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
WORKERS ?= auto
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
NEW_NODE := $(shell node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null && command -v npm)
ASSETS := webmap/static/dist/manifest.json
ASSET_SOURCES := $(shell find webmap/frontend webmap/translations gis_layers/render -type f \
	\( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name '*.svg' -o -name '*.po' -o -name palette.json \) 2>/dev/null)

.PHONY: help demo up test check format clean install system-for-demo system-for-tests

help: ## list what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

demo: system-for-demo install ## an invented commune to look around in; keeps what you change
	@WEBMAP_IS_HTTPS=$${WEBMAP_IS_HTTPS:-false} $(BIN)/webmap up --demo

up: system-for-demo install ## your own data: database, web server and worker until Ctrl-C
	@WEBMAP_IS_HTTPS=$${WEBMAP_IS_HTTPS:-false} $(BIN)/webmap up

test: system-for-tests install ## all tests, from nothing
	@$(BIN)/python hatch_build.py npm test --silent
	@$(BIN)/python -m pytest -n $(WORKERS)

check: system-for-tests install ## what CI runs: format, lint, types, import contracts, translations, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/webmap i18n --check
	$(BIN)/python hatch_build.py npm run types --silent
	@$(MAKE) --no-print-directory test

format: install ## put the code into the one form, and the tables in docs right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m tests.architecture.tables

clean: ## remove what was built and installed here; your data stays
	rm -rf .venv node_modules webmap/static/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find webmap/translations -name '*.mo' -delete

install: .venv/installed $(ASSETS)

# The virtual environment, from lock files with hashes.
.venv/installed: requirements-dev.txt requirements-build.txt pyproject.toml
	@scripts/system-packages python
	@test -x $(BIN)/python || { echo "Making the virtual environment"; $(PYTHON) -m venv .venv; }
	@echo "Installing Python packages"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(if $(NEW_NODE),true,$(PIP) install --require-hashes -r requirements-build.txt)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# What browsers receive.
$(ASSETS): .venv/installed package-lock.json build.mjs hatch_build.py $(ASSET_SOURCES)
	@echo "Building the browser's files"
	@$(BIN)/python hatch_build.py
	@touch $@

system-for-demo:
	@scripts/system-packages python database

system-for-tests:
	@env -u DATABASE_URL scripts/system-packages python database  # tests start a server of their own, always
	@scripts/system-packages browser || echo "Tests in a browser are skipped: no Chromium."
