# Every command does its own set-up. `make demo`, `make test`, `make check`, `make bench`.
PY := .venv/bin/python
.PHONY: setup check test demo bench proto up lock

setup: .venv/ready

.venv/ready: requirements/dev.lock requirements/setup.lock pyproject.toml
	@sh tools/setup.sh

check: setup
	@$(PY) tools/check.py

test: setup
	@$(PY) -m pytest -q $(ARGS)

demo: setup
	@$(PY) -m roadcase demo $(ARGS)

bench: setup
	@$(PY) -m roadcase bench $(ARGS)

up: setup
	@$(PY) -m roadcase up $(ARGS)

proto: setup
	@$(PY) tools/proto.py

lock: setup
	@sh tools/lock.sh
