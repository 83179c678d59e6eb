package io.innerspan.benchmarks;

/**
 * The size of an inference.
 *
 * @param batch rows
 * @param sequence tokens per row
 */
record Shape(int batch, int sequence) {
  @Override
  public String toString() {
    return batch + "x" + sequence;
  }
}
