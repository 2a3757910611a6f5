# What a person or CI types. Every target works in a fresh clone with python3 >= 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

.PHONY: help install demo test check services clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## the command at .venv/bin/penholder

demo: $(VENV)/.installed ## a whole round on real mail, then the admin on 127.0.0.1
	@$(BIN)/penholder demo

test: $(VENV)/.tested-with services ## the whole suite
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.tested-with ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

services: # a real Dovecot for the mailbox tests, where root can install one
	@command -v dovecot >/dev/null || [ -x /usr/sbin/dovecot ] || \
	  { [ -x /usr/bin/apt-get ] && [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends dovecot-imapd; } >/dev/null 2>&1 || \
	  echo "Dovecot is not on this machine: the tests against a real IMAP server are skipped."

clean: ## remove the environment and everything generated
	rm -rf $(VENV) .demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# One lock for uv and pip alike. Regenerate: see CONTRIBUTING.md.
$(VENV)/.installed: .ci/requirements-run.txt pyproject.toml
	@if command -v uv >/dev/null; then \
	  uv venv -q --allow-existing --python $(PYTHON) $(VENV) && \
	  VIRTUAL_ENV=$(VENV) uv pip install -q --require-hashes -r .ci/requirements-run.txt && \
	  VIRTUAL_ENV=$(VENV) uv pip install -q --no-deps -e .; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .ci/requirements-run.txt && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; \
	fi
	@touch $@

$(VENV)/.tested-with: $(VENV)/.installed .ci/requirements-dev.txt
	@if command -v uv >/dev/null; then \
	  VIRTUAL_ENV=$(VENV) uv pip install -q --require-hashes -r .ci/requirements-dev.txt; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .ci/requirements-dev.txt; \
	fi
	@touch $@
