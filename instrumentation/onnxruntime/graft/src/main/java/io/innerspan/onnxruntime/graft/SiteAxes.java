package io.innerspan.onnxruntime.graft;

/**
 * What the axes of an activation are; the first one is always the batch.
 *
 * @param rank how many axes there are
 * @param position the axis of positions, or -1
 * @param head the axis of heads, or -1; the last axis when the heads lie side by side in it
 * @param heads how many heads there are, or -1 when unknown
 */
record SiteAxes(int rank, int position, int head, long heads) {
  /** {@code [batch, tokens, width]}. */
  static final SiteAxes PER_TOKEN = new SiteAxes(3, 1, -1, -1);

  /** {@code [batch, heads, tokens, width]}; of attention probabilities the width are the keys. */
  static SiteAxes perHead(long heads) {
    return new SiteAxes(4, 2, 1, heads);
  }

  /** {@code [batch, tokens, heads * width]}. */
  static SiteAxes mergedHeads(long heads) {
    return new SiteAxes(3, 1, 2, heads);
  }

  /** An activation of which no more is known than that rows come first. */
  static SiteAxes rowsOnly(int rank) {
    return new SiteAxes(rank, -1, -1, -1);
  }

  /** Whether the heads lie side by side in the last axis. */
  boolean merged() {
    return head >= 0 && head == rank - 1;
  }
}
