# Needs git, make and Python 3.11 to 3.14 with its venv module (Debian: python3 and python3-venv); the rest is set up in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.glyphmill-installed
DEMO := demo
# How pytest is run; `make test PYTEST_ARGS="-x -k label"` replaces it.
PYTEST_ARGS ?= -n auto --dist loadgroup

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench fuzz docs lint format lock clean

help: ## Say what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/\1\t\2/' | expand -t 10

setup: $(STAMP) ## Install the locked dependencies and glyphmill itself into .venv

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP) ## Make 120 images in ten scripts and four directions, and a contact sheet of them
	@rm -rf $(DEMO)
	@$(BIN)/glyphmill generate --out $(DEMO) --count 120
	@$(BIN)/glyphmill preview $(DEMO) --out $(DEMO)/contact-sheet.html --count 120
	@$(BIN)/glyphmill preview $(DEMO) --out $(DEMO)/contact-sheet.png --count 120

# The last line printed is pytest's own.
test: lint ## Lint, then run every test (those that need Tesseract where it is, or can be installed)
	@if reason=$$(.ci/tesseract); then \
		$(BIN)/python -m pytest $(PYTEST_ARGS); \
	else \
		echo "OCR tests deselected: $$reason"; \
		$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not ocr"; \
	fi

lint: $(STAMP) ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## Put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fuzz: $(STAMP) ## Run the mutation tests at full size, 14,000 cases
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m fuzz --hypothesis-profile=fuzz

bench: $(STAMP) ## Run the benchmarks
	$(BIN)/python -m benchmarks

docs: $(STAMP) ## Run every command and code block of the README and the docs
	$(BIN)/python -m pytest tests/test_docs.py

lock: $(STAMP) ## Renew requirements.lock after a change of pyproject.toml (needs the network)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(BIN)/uv --no-config pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--default-index https://pypi.org/simple --custom-compile-command "make lock" --output-file requirements.lock

clean: ## Remove what was made here, .venv included
	rm -rf $(VENV) $(DEMO) out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
