#!/usr/bin/env bash
# Shows every signal on models that have it: builds what is missing or older than its sources, then starts the driver.
set -euo pipefail

usage() {
  cat <<'END'
Usage: run.sh [--json]

Writes small models and MiniLM with probe packs of every kind of signal, runs them
under the Innerspan agent and shows what comes: the span of each model with its
attributes, and the metrics of signals that have no attributes. Weights of probes,
autoencoders and lenses are seeded random numbers or set by hand: they show the
plumbing, they are not validated. Needs JDK 17 or newer and Maven. Ends with 0, or
with 1 and a line that says why, also when a signal is missing.

  --json        print one JSON object per model and nothing else
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
root=$(cd -- "$here/../.." && pwd)
stamp=$here/target/built

fail() {
  printf 'signals: %s\n' "$1" >&2
  exit 1
}

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no java: install JDK 17 or newer, or set JAVA_HOME"

up_to_date() {
  [ -e "$stamp" ] && compgen -G "$root/otel-extension/agent/target/innerspan-javaagent-*.jar" \
    >/dev/null && [ -z "$(newer_sources | head -n 1)" ]
}

newer_sources() {
  find "$root" -mindepth 1 \( -name target -o -name '.*' -o -path "$root/examples/quickstart/data" -o -path "$root/examples/quickstart/pack" \) \
    -prune -o -type f ! -name '*.md' ! -name run.sh -newer "$stamp" -print
}

if ! up_to_date; then
  command -v mvn >/dev/null || fail "no mvn: install Maven 3.8.6 or newer"
  printf 'signals: building (the first time also downloads libraries and the model)\n' >&2
  mkdir -p "$here/target"
  started=$(mktemp "$here/target/build.XXXXXX")
  (cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip -Dspotless.check.skip -Dforbiddenapis.skip \
    -pl examples/signals -am package) >&2 </dev/null \
    || { rm -f "$started"; fail "the build failed, see above"; }
  mv "$started" "$stamp"
fi

coloured=false
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  coloured=true
fi

exec "$java" -Dsignals.root="$root" -Dsignals.coloured="$coloured" \
  -cp "$here/target/classes:$(cat "$here/target/driver.classpath")" \
  io.innerspan.examples.signals.SignalsExample "$@"
