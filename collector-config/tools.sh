#!/usr/bin/env bash
# Puts the programs that test.sh runs into a cache, unless they are there: two collectors, Jaeger and what the OpenTelemetry Operator does
# with a pod, built from Go modules, and Debian's Prometheus. Prints the folder that holds them.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${INNERSPAN_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/innerspan}

builder_version=v0.159.0
# The repository's tag of Jaeger 2.13.0: its module path has no /v2, so that later releases are no versions of it.
jaeger_version=v1.76.0
# As check.sh has it.
operator_version=v0.148.0

fail() {
  printf 'tools: %s\n' "$1" >&2
  exit 1
}

need_go() {
  command -v go >/dev/null || fail "no go: install Go 1.25 or newer, or put $1 on the PATH"
  # A build of its own, whatever the machine's settings are for others.
  export GOFLAGS=-trimpath GOWORK=off CGO_ENABLED=0
}

# The collector of the gateway's files.
collector() {
  build_collector builder.yaml otelcol test/ebpf-profiler test/datadog
}

# The collector of agent.yaml.
agent() {
  build_collector builder-agent.yaml otelcol-agent
}

# Builds the collector of the file $1 into the cache as $2; a changed file, also of the stand-ins for modules ($3 and on), is another one.
build_collector() {
  local digest target work
  digest=$(cd "$here" && find "$1" "${@:3}" -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -c 1-12)
  target=$cache/$2-$digest
  if [ ! -x "$target" ]; then
    need_go otelcol-contrib
    printf 'tools: building the collector of %s (%s)\n' "$1" "$digest" >&2
    [ -x "$cache/builder-$builder_version" ] || install_module "go.opentelemetry.io/collector/cmd/builder@$builder_version" builder "builder-$builder_version"
    work=$(mktemp -d "$cache/collector.XXXXXX")
    sed "s|^dist:|dist:\n  output_path: $work|; s|=> \./|=> $here/|" "$here/$1" >"$work.yaml"
    # The builder tidies, which also wants what only the tests of components need, and fails where the proxy has not got that. The
    # sources and go.mod are written by then, and building gets what is built.
    ({ "$cache/builder-$builder_version" --config "$work.yaml" --skip-strict-versioning --skip-compilation || [ -f "$work/go.mod" ]; } \
      && cd "$work" && go build -mod=mod -ldflags='-s -w' -o "$target.new" .) >"$work.log" 2>&1 \
      || { tail -n 30 "$work.log" >&2; fail "the collector's build failed, see above and $work.log"; }
    mv "$target.new" "$target"
    rm "$work.yaml" "$work.log"
    rm -rf "$work"
  fi
  ln -sfn "$target" "$cache/$2"
}

# Builds the command $2 of a module into the cache as $3.
install_module() {
  local work
  work=$(mktemp -d "$cache/go.XXXXXX")
  GOBIN=$work go install -ldflags='-s -w' "$1" >&2 || fail "go install $1 failed"
  mv "$work/$2" "$cache/$3"
  rmdir "$work"
}

jaeger() {
  local target=$cache/jaeger-$jaeger_version
  if [ ! -x "$target" ]; then
    need_go jaeger
    printf 'tools: building Jaeger\n' >&2
    # Its go.mod replaces a module, so that `go install` of a version refuses it.
    local work source
    source=$(go mod download -json "github.com/jaegertracing/jaeger@$jaeger_version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    [ -d "$source" ] || fail "cannot get the module of Jaeger $jaeger_version"
    work=$(mktemp -d "$cache/jaeger.XXXXXX")
    cp -r "$source/." "$work"
    chmod -R u+w "$work"
    (cd "$work" && go build -ldflags='-s -w' -o "$target" ./cmd/jaeger) >&2 || fail "Jaeger's build failed, see above"
    rm -rf "$work"
  fi
  ln -sfn "$target" "$cache/jaeger"
}

# The command of test/operator, within the operator's module: what it uses is internal there.
operator() {
  local digest target work source
  digest=$(sha256sum "$here/test/operator/main.go" | cut -c 1-12)
  target=$cache/inject-$operator_version-$digest
  if [ ! -x "$target" ]; then
    need_go 'the command inject'
    printf 'tools: building what the operator does with a pod (%s)\n' "$digest" >&2
    source=$(GOFLAGS='' go mod download -json "github.com/open-telemetry/opentelemetry-operator@$operator_version" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
    [ -d "$source" ] || fail "cannot get the module of the operator $operator_version"
    work=$(mktemp -d "$cache/operator.XXXXXX")
    cp -r "$source/." "$work"
    chmod -R u+w "$work"
    mkdir "$work/cmd/inject"
    cp "$here/test/operator/main.go" "$work/cmd/inject/"
    (cd "$work" && go build -ldflags='-s -w' -o "$target" ./cmd/inject) >&2 || fail "the build of inject failed, see above"
    rm -rf "$work"
  fi
  ln -sfn "$target" "$cache/inject"
}

# Prometheus and promtool: those on the PATH, or Debian's, taken out of the package without installing it as a service.
prometheus() {
  if command -v prometheus >/dev/null && command -v promtool >/dev/null; then
    ln -sfn "$(command -v prometheus)" "$cache/prometheus"
    ln -sfn "$(command -v promtool)" "$cache/promtool"
  elif [ ! -x "$cache/debian/usr/bin/prometheus" ]; then
    local work
    command -v apt-get >/dev/null || fail "no prometheus and promtool on the PATH, and no apt-get to get them with"
    printf 'tools: unpacking Prometheus of Debian\n' >&2
    work=$(mktemp -d "$cache/debian.XXXXXX")
    (cd "$work" && { apt-get -qq download prometheus || { apt-get -qq update && apt-get -qq download prometheus; }; } && dpkg-deb -x prometheus_*.deb .) >&2 \
      || fail "cannot get the package prometheus: install it, or see above"
    rm -rf "$cache/debian"
    chmod 755 "$work"
    mv "$work" "$cache/debian"
  fi
  if [ -x "$cache/debian/usr/bin/prometheus" ]; then
    ln -sfn "$cache/debian/usr/bin/prometheus" "$cache/prometheus"
    ln -sfn "$cache/debian/usr/bin/promtool" "$cache/promtool"
  fi
}

mkdir -p "$cache"
for tool in "${@:-all}"; do
  case $tool in
    collector | agent | jaeger | operator | prometheus) "$tool" ;;
    all)
      prometheus
      collector
      agent
      jaeger
      operator
      ;;
    *) fail "no tool $tool: collector, agent, jaeger, operator, prometheus or all" ;;
  esac
done
printf '%s\n' "$cache"
