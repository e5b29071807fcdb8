#!/bin/sh
# Writes requirements/*.lock anew from pyproject.toml: every package, every hash, no addresses.
set -eu
compile="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url"
.venv/bin/$compile pyproject.toml -o requirements/run.lock
.venv/bin/$compile pyproject.toml --group pyproject.toml:dev -o requirements/dev.lock
echo uv | .venv/bin/$compile - -o requirements/setup.lock
