VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := $(shell command -v nvidia-smi >/dev/null && echo constraints.txt || echo constraints-cpu.txt)
NEW_ENOUGH := import ensurepip, sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && break; done)

.PHONY: demo test lint install clean

demo: $(VENV)/light  ## write eight phrases for a band as MIDI, WAV and PNG to demo/
	$(BIN)/musegan generate --count 8 --out demo --format mid,wav,png --overwrite

test: lint  ## everything a change must pass
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2

lint: $(VENV)/full  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/full  ## an editable install with everything for training and development

clean:  ## remove what make made
	rm -rf $(VENV) demo build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/light: pyproject.toml setup.py constraints.txt constraints-cpu.txt | $(BIN)/pip
	@echo "installing musegan in $(VENV) (once, some minutes)"
	$(BIN)/pip install --quiet --constraint $(CONSTRAINTS) --editable .
	touch $@

$(VENV)/full: pyproject.toml setup.py constraints.txt constraints-cpu.txt | $(BIN)/pip
	@echo "installing musegan with its training and development tools in $(VENV) (once, some minutes)"
	$(BIN)/pip install --quiet --constraint $(CONSTRAINTS) --editable '.[train,dev]'
	touch $(VENV)/light $@

$(BIN)/pip:
	@test -n "$(PYTHON)" || { \
		echo "musegan needs Python 3.11 or newer with venv; install one or name it: make PYTHON=python3.12" >&2; \
		exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
