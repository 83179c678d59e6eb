#!/usr/bin/env bash
# Trains the example's classifier and its probe pack from the quickstart's labelled requests; on one machine the same bytes each time.
# Usage: train.sh [FOLDER]   (default: this one, whose folders model and pack are replaced)
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
out=${1:-$here}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

(cd "$root" && mvn -q -B -Dstyle.color=never -Dmaven.test.skip -Dspotless.check.skip -Dforbiddenapis.skip \
  -pl examples/djl-text -am package) >&2 </dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The sums of several threads come in any order: with one the numbers are the same each time.
"$java" -Dai.djl.offline=true -DDJL_CACHE_DIR="$here/target/djl-cache" -Dai.djl.pytorch.num_threads=1 \
  -cp "$here/target/classes:$(cat "$here/target/driver.classpath"):$here/target/lib/*" \
  io.innerspan.examples.djltext.train.TrainExample "$root/examples/quickstart/data/requests.csv" "$work"
mkdir -p "$out"
for folder in model pack; do
  rm -rf "${out:?}/$folder"
  cp -r "$work/$folder" "$out/$folder"
done
