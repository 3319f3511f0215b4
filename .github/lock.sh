#!/usr/bin/env bash
# Writes .github/lock.txt (with hashes) and .github/constraints.txt anew: `pip install uv` first.
# torch is left out of the lock file, for its builds differ: CI takes the CPU build by itself.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
echo "torch ; sys_platform == 'never'" >"$work/without-torch"
printf '%s\n' filelock typing-extensions setuptools sympy networkx jinja2 fsspec >"$work/of-torch"
uv pip compile --quiet --universal --python-version 3.11.5 --extra test --generate-hashes \
  --override "$work/without-torch" --no-header --no-annotate --no-emit-index-url \
  pyproject.toml "$work/of-torch" --no-emit-package torch -o .github/lock.txt
{
  echo "# The versions of lock.txt, and the torch that this book was built with: pip install -c"
  echo "torch==2.13.0"
  sed -En 's/^([^ #][^;\\]*[^ ;\\])( ;[^\\]*[^ \\])? *\\?$/\1\2/p' .github/lock.txt
} >.github/constraints.txt
