#!/bin/sh
# Makes .venv with exactly the locked packages. Needs Python 3.11 or newer and a package index.
set -eu
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Roadcase needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." >&2
    echo "Name another one: make setup PYTHON=python3.12" >&2
    exit 1
}
if [ ! -x .venv/bin/python ]; then
    [ -n "${PYTHON:-}" ] || python=$("$python" tools/interpreter.py)  # the best built of its version
    "$python" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/setup.lock
.venv/bin/uv pip install --quiet --require-hashes -r requirements/dev.lock
.venv/bin/uv pip install --quiet --no-deps --no-build-isolation --editable .
# Compiles what a start imports: else each start does, where Python is told to keep no bytecode.
PYTHONDONTWRITEBYTECODE='' .venv/bin/python -c \
    'import roadcase.run, roadcase.cli.up, services.ticketing.service, services.devices.service'
touch .venv/ready
