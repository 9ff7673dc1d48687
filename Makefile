# Two commands matter: `make run` and `make test`. Both install what they need.

PYTHON ?= python3
# Options of pip's for the installation, such as an index that carries CPU builds of torch.
PIP_INSTALL_ARGS ?=
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export PORT

.PHONY: run test check docs schema lock clean

run: $(VENV)/installed
	@exec $(BIN)/python manage.py start --port $(PORT)

# All tests on all cores, with coverage; or what ARGS names, and nothing else: ARGS=tests/matching
# takes seconds.
test: $(VENV)/installed-dev
	$(BIN)/python -m pytest $(or $(ARGS),-n auto --cov --cov-report=term:skip-covered)

check: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/python manage.py makemigrations --check --dry-run

docs: $(VENV)/installed-dev
	$(BIN)/zensical build --strict

schema: $(VENV)/installed-dev
	$(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn

# What the image installs, each file by its hash. Needs uv.
lock:
	deploy/lock.sh $(ARGS)

clean:
	rm -rf $(VENV) build *.egg-info

# Torch comes first and by itself: a CPU build that pip can find is then kept.
$(VENV)/torch:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet $(PIP_INSTALL_ARGS) "torch>=2.13,<2.14" "torchvision>=0.28,<0.29"
	@touch $@

$(VENV)/installed: pyproject.toml | $(VENV)/torch
	$(BIN)/pip install --quiet $(PIP_INSTALL_ARGS) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/torch
	$(BIN)/pip install --quiet $(PIP_INSTALL_ARGS) --editable ".[dev,milvus]"
	@touch $@ $(VENV)/installed
