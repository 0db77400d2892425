# Two commands matter: `make demo` opens Daybook on a sandbox practice, `make test` proves it.
# Both bring everything they need; a second run does no set-up work.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: demo test lint types unit crash fuzz bench bundle judges setup shots lock clean

demo: $(READY)
	@if [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	    echo "There is no display here, so no window can open. To run the main job without one:"; \
	    echo "    $(BIN)/daybook demo --smoke"; \
	else $(BIN)/daybook demo; fi

test: $(READY) judges lint types unit

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml installer/system-packages.sh
	@sh installer/system-packages.sh
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Daybook needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/$(PIP) -r requirements/dev.txt
	@PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
	    --editable .
	@$(BIN)/python -m compileall -q app resources ui vendors
	@touch $@

# The outside judges of our EDI disagree with our libraries (and with each other), so each lives alone.
judges: $(READY)
	@$(BIN)/python tests/x12/make_judges.py

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache 2>&1 | tail -n 12

types: $(READY)
	@$(BIN)/mypy

unit: $(READY)
	@sh tests/with-keyring.sh $(BIN)/pytest -n 2 --dist loadgroup $(PYTEST)

crash: $(READY)
	@sh tests/with-keyring.sh $(BIN)/python -m tests.crash.run --kills 200
	@DAYBOOK_LONG=1 sh tests/with-keyring.sh $(BIN)/pytest -n 2 --dist loadgroup tests/vendors/officeally/test_writes.py

fuzz: $(READY)
	@$(BIN)/python -m tests.x12.fuzz --documents 200000

bench: $(READY) judges
	@$(BIN)/daybook bench $(NAME)

bundle: $(READY)
	@$(BIN)/pyinstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build build.spec

shots: $(READY)
	@$(BIN)/daybook shots shots --theme light
	@$(BIN)/daybook shots shots --theme dark

# After changing a dependency in pyproject.toml. Hashes without addresses; wheels for Windows and macOS too.
lock: $(READY)
	@for part in run dev; do \
	    extra=; [ $$part = dev ] && extra="--extra dev"; \
	    $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	        --no-annotate --no-header $$extra pyproject.toml -o requirements/$$part.txt; done

clean:
	@rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
