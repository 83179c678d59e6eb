#!/usr/bin/env bash
# Runs the pipelines of this folder with the real programs: builds or finds a collector, Jaeger and Prometheus, starts them on the
# loopback address, sends the quickstart's telemetry through, and asks them what arrived.
set -euo pipefail

usage() {
  cat <<'END'
Usage: test.sh [--keep]

Needs Go 1.25 or newer, Python 3.9 or newer, JDK 17 or newer and Maven; and prometheus and promtool on the
PATH, or apt-get. What it builds stays in ~/.cache/innerspan (INNERSPAN_TOOLS is another folder).

  --keep   keep the logs of all programs
END
}

for argument in "$@"; do
  case $argument in
    -h | --help)
      usage
      exit 0
      ;;
  esac
done

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/.." && pwd)

tools=$("$here/tools.sh")

printf 'rules\n' >&2
"$tools/promtool" check rules "$here"/prometheus/rules/*.yaml
"$tools/promtool" test rules "$here"/prometheus/tests/*.yaml

printf 'quickstart\n' >&2
# Builds what is missing, and shows that the service works by itself.
"$root/examples/quickstart/run.sh" --json --text 'Which museums in Lisbon are open on Mondays?' >/dev/null

exec python3 "$here/test/pipelines.py" --tools "$tools" "$@"
