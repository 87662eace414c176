# The one door to the project: `make` lists what there is. Everything installs into .venv, from the lock, once.

PYTHON ?= python3
BIN := .venv/bin
RUN := .venv/.ready-to-run
TEST := .venv/.ready-to-test
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --no-header --no-annotate --generate-hashes \
	--universal --python-version 3.11 --fork-strategy fewest

export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.PHONY: help demo test quick check format bench docs lock clean

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(RUN) ## See Leadline work on a made-up company
	@$(BIN)/leadline demo $(ARGS)

test: $(TEST) ## Run every test (choose some with ARGS="-k words")
	@$(BIN)/python -m pytest $(ARGS)

quick: $(TEST) ## Run the tests that need neither a service nor real data
	@$(BIN)/python -m pytest -m "not integration and not real" $(ARGS)

check: $(TEST) ## Do all that CI does: format, lint, arrows between rooms, types, tests
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/pyright
	@$(MAKE) --no-print-directory test

format: $(TEST) ## Format the code and mend what can be mended by machine
	@$(BIN)/ruff check --fix --exit-zero --quiet
	@$(BIN)/ruff format

bench: $(TEST) ## Measure speed, and say on what
	@$(BIN)/python -m bench.run $(ARGS)

docs: $(TEST) ## Run the commands that README and docs show, and write what they print below them
	@$(BIN)/python docs/refresh.py
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python docs/real_data.py

lock: $(TEST) ## Resolve requirements/ anew from pyproject.toml (ARGS=--upgrade takes newer versions)
	@$(LOCK) $(ARGS) --all-extras --group build --group dev --output-file requirements/test.txt
	@$(LOCK) --group build --constraint requirements/test.txt --output-file requirements/run.txt

clean: ## Remove all that can be made again: .venv, caches, the demo
	@rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist demo
	@find src tests bench docs -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): requirements/run.txt pyproject.toml
	$(call install,run.txt,a minute)

$(TEST): requirements/test.txt pyproject.toml
	$(call install,test.txt,three minutes)
	@touch $(RUN)

define install
	@$(PYTHON) -c 'import sys; sys.exit("Leadline needs Python 3.11 or newer: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Installing requirements/$(1) into .venv (once, about $(2)) ..." >&2
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(1)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
endef
