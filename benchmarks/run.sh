#!/usr/bin/env bash
# Measures what Innerspan costs: builds what is missing or older than its sources, then measures.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: run.sh overhead [--signals | --governed] [--shape BxT] [--times N] [--quick] [--json]
       run.sh startup [--quick] [--json]
       run.sh create [--megabytes N,...] [--probes N,...] [--times N] [--quick] [--json]
       run.sh peer [--quick] [--json]
       run.sh djl [--engine NAME] [--quick | --instructions] [--json]
       run.sh workbench [--data DIR] [--quick] [--json]
       run.sh outage [--quick] [--json]
       run.sh pieces

overhead  latency of all-MiniLM-L6-v2 inferences: JVMs without an agent, with the plain upstream
          agent (twice: A/A) and with Innerspan without packs, side by side; and in one JVM with
          Innerspan sessions with 1, 16 and 384 probes, each by turns with a session on the same
          model that no pack is for (of which there are two: A/A); and what Innerspan adds in Java,
          by JMH with a stub in place of the native call (half an hour)
startup   time until main and until LangChain4j's first embedding (5 minutes)
create    time and peak memory of opening sessions on generated models of 1 MB to 2 GB with 1 to
          10,000 probes, and a chart of both in target/create.png (a quarter of an hour, 3 GB of
          disk; what memory or disk do not allow is left out and said)
peer      latency that each kind of signal adds as a graft in ONNX Runtime and, with the same
          weights, as forward hooks in PyTorch, each over its own engine without them, on one
          thread; what both read is compared first (an hour, 10 GB of memory). Needs Python with
          PyTorch: python3, or $PYTHON; where it is missing the benchmark says so and ends
djl       what a probe and the norm after each of four layers cost in DJL's predictions, and what
          signals cost that are shut, on blocks that are defined in Java, on TorchScript and on DJL's
          ONNX Runtime engine: predictors of one JVM by turns with one of a model that no pack is
          for (of which there are two: A/A); beside them JVMs with the plain upstream agent (twice)
          and with Innerspan without packs; of long and of shortest texts, on one thread: thread-CPU
          and wall time (three quarters of an hour; 64-bit Linux)
workbench capture --store of one and of all layers beside ONNX Runtime alone in the same JVM (twice:
          A/A), of all layers also on 20,000 texts, 40,000 texts in a heap of 2 GiB with the peak of
          memory, train on 5,000 texts with and without the model's part, and what it does on pooled
          activations in scikit-learn (twenty minutes, 5 GB of disk). Needs rt-polarity.pos and rt-polarity.neg
          in DIR or $WORKBENCH_DATA, and for scikit-learn a Python with numpy, safetensors and
          scikit-learn; what is missing is said and left out
outage    three JVMs with Innerspan and one probe at 50 inferences a second, side by side: two have
          a receiver, that of the third is away for 5 minutes and then back; latency, and what
          arrives (6 minutes)
pieces    JMH: scanning and grafting a model, reading safetensors, scoring (8 minutes)

  --signals overhead of every other signal alone, and of all of them together, computed for every
            inference; and of lenses, on a model of the same size with an unembedding (40 minutes)
  --governed
            overhead of all of them as sampled by default and nothing else, then with the budget
            for linear probes as well (sampling_strict), with samples enough for the 99th
            percentile (three quarters of an hour)
  --shape BxT
            overhead: this shape only, such as 1x16
  --times N overhead and create: N times as many rounds, for narrower intervals
  --megabytes N,...
            create: models of these sizes only, of 1, 10, 100, 500 and 2000; no chart
  --probes N,...
            create: packs of so many probes only; no chart
  --engine NAME
            djl: blocks, torchscript or onnxruntime alone (a quarter of an hour)
  --instructions
            djl: instead of time the instructions of a prediction, which no other program changes, in
            QEMU's user mode (half an hour). Needs qemu-x86_64 7.2 or newer, or $QEMU, and a C
            compiler, cc; where one is missing the benchmark says so and ends
  --quick   overhead: 1x128, for --signals and --governed 1x16 too, and one thread, within
            3 minutes, for --signals 5, for --governed 8; startup: fewer rounds;
            create: up to 100 MB, 2 minutes; peer: 1x16 and 1x128, 5 minutes; djl: fewer rounds, 5 minutes;
            workbench: fewer texts and rounds, 3 minutes;
            outage: away for 20 s
  --json    one JSON object per line on standard output, and nothing else

Needs JDK 17 or newer and Maven. Progress goes to standard error. Close other programs first.
TEXT
}

fail() {
  printf 'benchmarks: %s\n' "$1" >&2
  exit "${2:-1}"
}

command=${1:-}
case $command in
  overhead | startup | create | peer | djl | workbench | outage | pieces) ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
data=${WORKBENCH_DATA:-}
instructions=
for ((i = 2; i <= $#; i++)); do
  option=${!i}
  case $option in
    --data)
      [ "$command" = workbench ] || fail "$command has no option $option" 2
      i=$((i + 1))
      data=${!i:-}
      [ -n "$data" ] || fail "--data: expected a folder, found nothing" 2
      ;;
    --megabytes | --probes)
      [ "$command" = create ] || fail "$command has no option $option" 2
      i=$((i + 1))
      [[ ${!i:-} =~ ^[0-9]+(,[0-9]+)*$ ]] || fail "$option: expected numbers such as 1,100, found ${!i:-nothing}" 2
      ;;
    --shape)
      [ "$command" = overhead ] || fail "$command has no option $option" 2
      i=$((i + 1))
      [[ ${!i:-} =~ ^[0-9]{1,4}x[0-9]{1,4}$ ]] || fail "--shape: expected one such as 1x16, found ${!i:-nothing}" 2
      ;;
    --times)
      [ "$command" = overhead ] || [ "$command" = create ] || fail "$command has no option $option" 2
      i=$((i + 1))
      [[ ${!i:-} =~ ^[1-9][0-9]{0,2}$ ]] || fail "--times: expected a number from 1 to 999, found ${!i:-nothing}" 2
      ;;
    --engine)
      [ "$command" = djl ] || fail "$command has no option $option" 2
      i=$((i + 1))
      [[ ${!i:-} =~ ^(blocks|torchscript|onnxruntime)$ ]] \
        || fail "$option: expected blocks, torchscript or onnxruntime, found ${!i:-nothing}" 2
      ;;
    --instructions) [ "$command" = djl ] || fail "$command has no option $option" 2; instructions=1 ;;
    --signals | --governed) [ "$command" = overhead ] || fail "$command has no option $option" 2 ;;
    --quick | --json) [ "$command" != pieces ] || fail "pieces has no option $option" 2 ;;
    *) fail "unknown option $option" 2 ;;
  esac
done

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/.." && pwd)
stamp=$here/target/built
python=${PYTHON:-python3}
if [ "$command" = peer ] && ! "$python" -c 'import torch' 2>/dev/null; then
  printf 'benchmarks: peer is left out: expected PyTorch for %s, found none\n' "$python" >&2
  exit 0
fi
if [ "$command" = workbench ] && { [ ! -f "$data/rt-polarity.pos" ] || [ ! -f "$data/rt-polarity.neg" ]; }; then
  printf 'benchmarks: workbench is left out: expected rt-polarity.pos and rt-polarity.neg in %s, found not both\n' \
    "${data:---data DIR or \$WORKBENCH_DATA}" >&2
  exit 0
fi
qemu=${QEMU:-qemu-x86_64}
if [ -n "$instructions" ]; then
  for needed in "$qemu" cc; do
    if ! command -v "$needed" >/dev/null; then
      printf 'benchmarks: --instructions is left out: expected %s, found none\n' "$needed" >&2
      exit 0
    fi
  done
  mkdir -p "$here/target"
  cc -O2 -shared -fPIC "$here/instructions/instructions.c" -o "$here/target/instructions.so"
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "no java: install JDK 17 or newer, or set JAVA_HOME"

up_to_date() {
  [ -e "$stamp" ] && compgen -G "$root/otel-extension/agent/target/innerspan-javaagent-*.jar" \
    >/dev/null && [ -z "$(find "$root" -mindepth 1 \( -name target -o -name '.*' \) -prune -o \
    \( -name pom.xml -o -path '*/src/*' \) -type f -newer "$stamp" -print | head -n 1)" ]
}

if ! up_to_date; then
  command -v mvn >/dev/null || fail "no mvn: install Maven 3.8.6 or newer"
  printf 'benchmarks: building (the first time also downloads libraries and the model)\n' >&2
  mkdir -p "$here/target"
  started=$(mktemp "$here/target/build.XXXXXX")
  (cd "$root" && mvn -q -B -Dmaven.test.skip -Dspotless.check.skip -Dforbiddenapis.skip \
    -pl benchmarks -am package) >&2 </dev/null \
    || { rm -f "$started"; fail "the build failed, see above"; }
  mv "$started" "$stamp"
fi

exec "$java" -Djava.awt.headless=true -Dinnerspan.project="$root" -Dinnerspan.python="$python" -Dinnerspan.qemu="$qemu" \
  -Dinnerspan.data="$data" \
  -cp "$here/target/classes:$(cat "$here/target/harness.classpath")" \
  io.innerspan.benchmarks.Benchmarks "$@"
