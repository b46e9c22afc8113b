# Targets set up .venv when needed. `make PYTHON=python3.12 test` chooses the Python,
# `make demo ARGS="--seed=1"` passes flags on, `make JOBS=8 test` runs the tests in 8 processes.

PYTHON ?= python3
VENV ?= .venv
LOGDIR ?= runs
ARGS ?=
JOBS ?= 2

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DOCS := $(VENV)/.docs
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs
TRAIN := $(BIN)/python -m gan_tf.main
# Whole files, in the order of tests/conftest.py, so that what the tests of a file share is made once.
PARALLEL := --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder
PYTEST := $(BIN)/python -m pytest $(PARALLEL)

.DEFAULT_GOAL := help
.PHONY: help install demo train-mnist train-celeb_a tensorboard options docs docs-serve test test-fast test-lowest \
	test-wheel dist soak lint format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z_-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## set up the virtual environment, which all other targets do, too

demo: $(INSTALLED) ## train a DCGAN on the embedded digits, in minutes, with no download
	$(TRAIN) --preset=demo $(ARGS)

train-mnist: $(INSTALLED) ## train a DCGAN on MNIST
	$(TRAIN) --preset=dcgan-mnist $(ARGS)

train-celeb_a: $(INSTALLED) ## train a DCGAN on CelebA faces, 64x64
	$(TRAIN) --preset=dcgan-celeb_a $(ARGS)

tensorboard: $(INSTALLED) ## show the runs in TensorBoard (LOGDIR=runs)
	$(BIN)/tensorboard --logdir $(LOGDIR) $(ARGS)

options: $(INSTALLED) ## regenerate docs/options.md from the options and registries
	$(BIN)/python -m gan_tf.options.reference

docs: $(DOCS) ## build the documentation as a site, in build/site; broken links fail
	$(MKDOCS) build $(ARGS)

docs-serve: $(DOCS) ## show the site on http://127.0.0.1:8000, and rebuild it when pages change
	$(MKDOCS) serve --watch README.md --watch experiments --watch gan_tf $(ARGS)

test: lint ## lint, then run all tests
	$(PYTEST) $(ARGS)

test-fast: $(INSTALLED) ## run the tests that take seconds
	$(PYTEST) -m "not slow" $(ARGS)

test-lowest: ## run the fast tests with the oldest versions that setup.cfg allows, in .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install -qq --upgrade pip
	.venv-lowest/bin/python -m pip install -qq --editable '.[dev]' --constraint constraints/lowest.txt
	.venv-lowest/bin/python -m pytest $(PARALLEL) -m "not slow" $(ARGS)

dist: $(INSTALLED) ## build the wheel and the source archive, in dist/
	rm -rf dist
	$(BIN)/python -m build $(ARGS)

test-wheel: dist ## install the wheel in a new environment elsewhere, and use it there
	$(PYTHON) tests/installed.py dist/gan_tf-*.whl

soak: $(INSTALLED) ## run the long programs of experiments/reliability: two hours; figures in runs/
	mkdir -p runs
	$(BIN)/python -m experiments.reliability.kills --json=runs/kills.jsonl
	$(BIN)/python -m experiments.reliability.fuzz --json=runs/fuzz.json
	$(BIN)/python -m experiments.reliability.hostile --json=runs/hostile.json
	$(BIN)/python -m experiments.reliability.large_folder --json=runs/large_folder.json
	$(BIN)/python -m experiments.reliability.soak --json=runs/soak.jsonl

lint: $(INSTALLED) ## check style and common mistakes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(INSTALLED) ## fix the style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the virtual environment and caches (runs/ stays)
	rm -rf $(VENV) .venv-lowest build dist *.egg-info .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): setup.cfg pyproject.toml
	@echo "Setting up $(VENV): TensorFlow is large, so this takes some minutes, once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --upgrade pip  # older versions take minutes to resolve
	$(BIN)/python -m pip install -qq --editable '.[dev]'
	@touch $@

$(DOCS): $(INSTALLED)
	$(BIN)/python -m pip install -qq --editable '.[docs]'
	@touch $@
