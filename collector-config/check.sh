#!/usr/bin/env bash
# Checks what no container engine and no cluster runs here: compose.yaml, the Kubernetes manifests and the Dockerfile, by published
# schemas and by what they say of each other and of the collector's files. Schemas come from package registries, into the cache that
# tools.sh uses too.
set -euo pipefail

usage() {
  cat <<'END'
Usage: check.sh

Needs Python 3.9 or newer with venv; Go and kubectl for a part. What cannot be had is told in a line that begins with
"LEFT OUT", and the rest is checked. Ends with 1 when something is wrong, with a line for each fault.
END
}

for argument in "$@"; do
  case $argument in
    -h | --help)
      usage
      exit 0
      ;;
    *)
      printf 'check: unknown argument %s\n' "$argument" >&2
      exit 1
      ;;
  esac
done

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${INNERSPAN_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/innerspan}

validate_version=1.32.0
compose_version=v2.16.2
operator_version=v0.148.0

# The folder of a module in Go's own cache, or nothing.
module() {
  command -v go >/dev/null || return 0
  GOFLAGS='' GOWORK=off go mod download -json "$1" 2>/dev/null | sed -n 's/^\t"Dir": "\(.*\)".*/\1/p'
}

command -v python3 >/dev/null || {
  printf 'LEFT OUT  everything: no python3\n'
  exit 0
}

# A Python with the schemas of Kubernetes in it.
environment=$cache/check-$validate_version
if [ ! -x "$environment/bin/python" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/check.XXXXXX")
  if python3 -m venv "$work" && "$work/bin/pip" -q install "kubernetes-validate==$validate_version" PyYAML; then
    rm -rf "$environment"
    mv "$work" "$environment"
  else
    rm -rf "$work"
    printf 'LEFT OUT  everything: kubernetes-validate %s could not be installed, see above\n' "$validate_version"
    exit 0
  fi
fi >&2

export PYTHONDONTWRITEBYTECODE=1
"$environment/bin/python" "$here/test/check.py" \
  --compose "$(module "github.com/compose-spec/compose-go/v2@$compose_version")" \
  --operator "$(module "github.com/open-telemetry/opentelemetry-operator@$operator_version")" \
  --kubectl "$(command -v kubectl || true)"
