#!/usr/bin/env bash
# Runs the example: builds what is missing or older than its sources, then starts the driver.
set -euo pipefail

usage() {
  cat <<'END'
Usage: run.sh [--json] [--text TEXT]... [--agent JAR] [--packs DIR]

Starts a text classification service on DJL under the Innerspan agent, sends it
HTTP requests and shows every trace with the scores of the probe inside the model.
Needs 64-bit Linux, JDK 17 or newer and Maven. Ends with 0, or with 1 and a line that says why.

  --json        print one JSON object per inference span and nothing else
  --text TEXT   send this text instead of the built-in ones; repeatable
  --agent JAR   use this agent, such as the plain upstream one to compare with
  --packs DIR   use these probe packs instead of the example's
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
  printf 'djl-text: %s\n' "$1" >&2
  exit 1
}

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no java: install JDK 17 or newer, or set JAVA_HOME"

up_to_date() {
  [ -e "$stamp" ] && compgen -G "$root/otel-extension/agent/target/innerspan-javaagent-*.jar" \
    >/dev/null && [ -z "$(newer_sources | head -n 1)" ]
}

newer_sources() {
  find "$root" -mindepth 1 \( -name target -o -name '.*' -o -path "$root/examples/quickstart/data" \
    -o -path "$root/examples/quickstart/pack" -o -path "$here/model" -o -path "$here/pack" \) \
    -prune -o -type f ! -name '*.md' ! -name run.sh -newer "$stamp" -print
}

if ! up_to_date; then
  command -v mvn >/dev/null || fail "no mvn: install Maven 3.8.6 or newer"
  printf 'djl-text: building (the first time also downloads libraries and PyTorch)\n' >&2
  mkdir -p "$here/target"
  started=$(mktemp "$here/target/build.XXXXXX")
  (cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip -Dspotless.check.skip -Dforbiddenapis.skip \
    -pl examples/djl-text -am package) >&2 </dev/null \
    || { rm -f "$started"; fail "the build failed, see above"; }
  mv "$started" "$stamp"
fi

# Java decodes its arguments by the locale: texts must survive also where none is set.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]-8 | *[Uu][Tt][Ff]8) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

coloured=false
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  coloured=true
fi

exec "$java" -Ddjl-text.root="$root" -Ddjl-text.coloured="$coloured" \
  -cp "$here/target/classes:$(cat "$here/target/driver.classpath")" \
  io.innerspan.examples.djltext.driver.DjlText "$@"
