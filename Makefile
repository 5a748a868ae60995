# Two commands for everybody, on a machine that has only Python >= 3.11 and make:
#   make demo    the example app at http://127.0.0.1:5000
#   make test    the test suite on SQLite, with coverage
.DEFAULT_GOAL := help
SHELL := /bin/sh

VENV ?= .venv
REQUIREMENTS ?= requirements/dev.txt
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet
PYTEST_ARGS ?=
PEER := .venv-peer

# The first Python that is new enough and able to make a virtual environment.
FITS := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	if $$python -c '$(FITS)' >/dev/null 2>&1; then echo $$python; break; fi; done)

.PHONY: help demo test install lint format types browser shots components docs words bench bench-face bench-large clean

help:
	@sed -n 's/^#   //p' Makefile
	@echo "also: make install lint format types browser shots components docs words bench bench-face bench-large clean"

$(BIN)/python:
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c '$(FITS)'; then \
		echo "No Python >= 3.11 with the venv module was found. Install one, or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: requirements/demo.txt pyproject.toml | $(BIN)/python
	$(PIP) install -r requirements/demo.txt
	$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/.dev: $(REQUIREMENTS) pyproject.toml | $(BIN)/python
	$(PIP) install -r $(REQUIREMENTS)
	$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

install: $(VENV)/.dev

demo: $(VENV)/.demo
	$(BIN)/python -m example_app.demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev
	$(BIN)/mypy

browser: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal -m browser tests/browser $(PYTEST_ARGS)

shots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.shots

components: $(VENV)/.dev
	$(BIN)/python -m tests.browser.sheet

docs: $(VENV)/.dev
	$(BIN)/python -m pytest tests/test_docs.py $(PYTEST_ARGS)

words: $(VENV)/.dev
	$(BIN)/python -m tests.words

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.list_page
	$(BIN)/python -m benchmarks.record_page
	$(BIN)/python -m benchmarks.long_list

# Another package has requirements of its own, so it gets an environment of its own.
$(PEER)/.installed: | $(VENV)/.dev
	$(BIN)/python -m venv $(PEER)
	$(PEER)/bin/python -m pip --disable-pip-version-check --no-input --quiet install flask-appbuilder==5.3.0 \
		'django==5.2.*' 'psycopg[binary]'
	@touch $@

bench-face: $(VENV)/.dev $(PEER)/.installed
	$(BIN)/python -m benchmarks.face --peer $(PEER)/bin/python

bench-large: $(VENV)/.dev $(PEER)/.installed
	$(BIN)/python -m benchmarks.large --peer $(PEER)/bin/python

clean:
	rm -rf $(VENV) $(PEER) .venv-sa20 .venv-wheel build dist .coverage htmlcov .mypy_cache .pytest_cache .ruff_cache
