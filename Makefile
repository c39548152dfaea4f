# make book       build the site into _build/html (the first time: .venv and all pinned requirements)
# make test       everything a change must pass; make test-all adds the slower checks
# make check      what can be said of the chapters in seconds, without running a cell: CHAPTER=02_fan_in_fan_out for one
# make builds     what a change of how the book is made must pass, too: it builds small books, kills builds, breaks pages
# make notebooks  execute the chapters once and write the same outputs into both editions
# make specimen   the style of the figures on one page, _build/specimen.html
# make launch     add this commit to the branch `launch`, which Binder and Colab open
# make offline    the course for a room without a network: dist/winit-offline.zip and one PDF an edition
# make student    the notebooks without solutions and outputs, and how to install them: dist/student
# make teacher    the notebooks with solutions, the exam with its answers and as questions: dist/teacher
# make peers      what needs PyTorch, JAX, Flax or Keras, in an environment of its own, .venv-peers; NEWEST=1 with no pins
# make mutation   small faults in `winit` and in the scripts, one at a time: the tests find nearly all; PART=winit for one half
# make bench      everything that is fast, measured beside its peers, into benchmarks/results.json
# make sbom       every package the course is made with, its licence and its hashes, as CycloneDX: dist/winit-sbom.json
# make matrix     whether the chapters print the same on every Python, NumPy, number of threads and processor (20 minutes)
# make links      whether the outside addresses of the course answer (the one command that needs a network each time)
# make help       the rest

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := .venv-peers
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make requirements"
# PyTorch comes from three places, and has other hashes in each
TORCH := torch==2.13.0
MUTATION := _build/mutation
COMPUTE := numpy scipy matplotlib scikit-learn
PYTEST := $(BIN)/python -m pytest

.PHONY: book check links test test-all builds slow lint types schemas style lint-page npm unit nbval site-test peers mutation notebooks specimen launch offline student teacher bench matrix sbom requirements clean help
.DEFAULT_GOAL := book

book: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.building

check: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.check $(CHAPTER)

links: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.check.outside

test: lint unit site-test

test-all: test nbval builds slow

builds: $(INSTALLED)
	$(PYTEST) tests/builds -n 2 --dist loadfile

slow: book
	$(PYTEST) tests -m slow -n 2 --dist loadfile

lint: $(INSTALLED)
	@$(MAKE) --no-print-directory -j2 types schemas check lint-page style

types: $(INSTALLED)
	$(BIN)/mypy

schemas: $(INSTALLED)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.citation-file-format CITATION.cff

style: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/zizmor --offline --quiet .github

npm:
	@if command -v npm > /dev/null && ! cmp -s package-lock.json node_modules/.installed; then \
		npm ci --no-audit --no-fund --silent && cp package-lock.json node_modules/.installed; \
	fi

lint-page: npm
	@if command -v npm > /dev/null; then \
		node_modules/.bin/biome lint --error-on-warnings; \
	else \
		echo "left out: npm is missing, and with it the lint of scripts and styles (Debian, Ubuntu: apt-get install npm)"; \
		test -z "$$CI"; \
	fi

unit: $(INSTALLED)
	$(PYTEST) tests --ignore tests/site --ignore tests/builds -m "not slow and not peers" -n 2

peers: $(PEERS)/.installed
	KERAS_BACKEND=jax $(PEERS)/bin/python -m pytest $$(grep -rl --include=*.py "mark.peers" tests) -m peers -n 2 $(if $(NEWEST),-k "not versions")

mutation: book $(MUTATION)/.installed
	@OPENBLAS_NUM_THREADS=1 MPLBACKEND=Agg PYTHONPATH=tests:book:.:$(MUTATION)/python $(BIN)/python -m mutation $(PART)

nbval: $(INSTALLED)
	OPENBLAS_NUM_THREADS=1 $(PYTEST) --nbval chapters/en -n 2 --dist loadfile

site-test: book npm
	$(PYTEST) tests/site -m "not slow" -n 2 --dist worksteal

notebooks: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.notebooks $(if $(FROM),--from $(FROM)) $(CHAPTER)

specimen: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.specimen

launch: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.launch

offline: book
	@PYTHONPATH=book $(BIN)/python -m winit_book.offline

student: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.handout student

teacher: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.handout teacher

bench: $(INSTALLED)
	@$(BIN)/python -m benchmarks $(if $(ROUNDS),--rounds $(ROUNDS)) $(GROUPS)

sbom: $(INSTALLED)
	@PYTHONPATH=book $(BIN)/python -m winit_book.supply

matrix: $(INSTALLED)
	@test -x _build/matrix/bin/uv || $(BIN)/pip install --disable-pip-version-check --quiet --target _build/matrix uv
	@$(BIN)/python tests/matrix.py

requirements: $(INSTALLED)
	$(BIN)/pip install --quiet uv
	$(COMPILE) pyproject.toml --extra notebooks --extra book --extra test --output-file requirements.txt
	printf '%s\n' $(COMPUTE) | $(COMPILE) - --constraints requirements.txt --output-file binder/requirements.txt
	sed -E '/^(#| )/d; s/ \\$$//' tests/peers.txt | $(COMPILE) - --no-deps --output-file tests/peers.txt

$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "winit needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned requirements into $(VENV) (a minute or two) ..."
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# It sees what is in .venv and holds the rest, by pip: a local file of PyTorch counts for it, and the index of PyTorch may.
$(PEERS)/.installed: $(INSTALLED) tests/peers.txt
	test -x $(PEERS)/bin/python || $(BIN)/python -m venv $(PEERS)
	@$(BIN)/python -c 'import site; print(f"import site; site.addsitedir({site.getsitepackages()[0]!r})")' \
		> $$($(PEERS)/bin/python -c 'import site; print(site.getsitepackages()[0])')/venv.pth
	@echo "installing PyTorch, JAX, Flax and Keras into $(PEERS) (a minute or two) ..."
	$(PEERS)/bin/python -m pip install --disable-pip-version-check --quiet \
		$(if $(NEWEST),torch jax flax keras tensorflow-cpu dask[distributed],--requirement tests/peers.txt)
	$(if $(NEWEST),,$(PEERS)/bin/python -m pip install --disable-pip-version-check --quiet $(TORCH))
	@touch $@

# mutmut and Stryker say what a fault is; they stay out of .venv, whose content belongs to the key of the execution cache.
$(MUTATION)/.installed: $(INSTALLED) tests/mutation/requirements.txt
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --upgrade --no-deps \
		--target $(MUTATION)/python --requirement tests/mutation/requirements.txt
	@npm install --silent --no-audit --no-fund --prefix $(MUTATION)/scripts @stryker-mutator/instrumenter@9.6.1
	@touch $@

clean:
	rm -rf _build dist

help:
	@sed -n 's/^# //p' Makefile
