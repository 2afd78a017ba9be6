# Everything starts here. Bare `make` explains itself.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REPLAY := $(VENV)/replay
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo crawl test lint test-wordpress test-replay docs clean

help: ## Explain the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## Archive the bundled replica of the site into data/demo.db and show what is in it
	@$(BIN)/python -m tests.replica.demo

crawl: $(VENV)/.run ## Archive the live site into data/reex.db; ARGS='-a since=2025-01-01' narrows it
	@$(BIN)/scrapy crawl backfill $(ARGS)

test: lint ## Set everything up and run every check but the real WordPress and the replay
	$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not wordpress and not replay' $(ARGS)

lint: $(VENV)/.dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test-wordpress: $(VENV)/.dev ## Install WordPress from Debian's packages and check the archive against it (root)
	tests/wordpress/install.sh
	$(BIN)/python -m pytest -n 2 --dist loadfile -m wordpress tests/wordpress $(ARGS)

test-replay: $(VENV)/.dev $(REPLAY)/.ready ## Open the exported archive with pywb in a browser from Debian's packages (root)
	tests/install.sh chromium
	$(BIN)/python -m pytest -m replay tests/archive $(ARGS)

docs: $(VENV)/.dev ## Write the generated pages of docs/ again
	$(BIN)/python -m reex_crawler.storage.columns > docs/columns.md

clean: ## Remove what the other targets made, except data/
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than 3.11; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "No virtual environment could be made; on Debian: apt-get install python3-venv" >&2; exit 2; }

$(VENV)/.run: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Setting up $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Adding what the checks need …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

# Apart, because pywb holds libraries at versions of its own.
$(REPLAY)/.ready: $(VENV)/bin/python tests/archive/replay.txt
	@echo "Adding pywb …" >&2
	@$(PYTHON) -m venv $(REPLAY)
	@$(REPLAY)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/archive/replay.txt
	@touch $@
