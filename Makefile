# Two commands on a fresh machine: `make demo` and `make test`. Only Python 3.11, make and a package index are needed.
PYTHON ?= python3.11
BIN := .venv/bin
DEMO_STORE := reports/demo.sqlite
DEMO_OUT := reports/demo

.PHONY: help demo test lint types check docs models samples clean
.DEFAULT_GOAL := help

help:
	@echo "make demo     score the sample calls and say which page to open"
	@echo "make test     everything CI runs: lint, types, tests"
	@echo "make check    lint, types and the quick tests"
	@echo "make samples  voice the sample calls again (Debian's flite and espeak-ng)"
	@echo "make docs     write docs/cli.md and docs/criteria.md from the code"
	@echo "make models   train the act classifiers again"
	@echo "make clean    remove .venv, caches and reports"

.venv/installed: requirements.txt constraints.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

demo: .venv/installed
	@$(BIN)/qa run audio_samples --draft --store $(DEMO_STORE) --out $(DEMO_OUT)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy
	for tests in "tests/*.py" tests/*/; do $(BIN)/mypy $$tests || exit 1; done

check: lint types
	$(BIN)/python -m pytest

test: lint types
	$(BIN)/python -m pytest -m ""

docs: .venv/installed
	$(BIN)/python -m qa.cli.reference > docs/cli.md
	$(BIN)/python -m qa.cli.criteria_page > docs/criteria.md

models: .venv/installed
	$(BIN)/python -m qa.dialogue.train

samples: .venv/installed
	$(BIN)/python audio_samples/voice.py

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find reports -mindepth 1 ! -name README.md -delete
