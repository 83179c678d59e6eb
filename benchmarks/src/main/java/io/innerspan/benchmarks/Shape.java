package io.innerspan.benchmarks;

/**
 * The size of an inference.
 *
 * @param batch rows
 * @param sequence tokens per row
 */
record Shape(int batch, int sequence) {
  /** Reads what {@link #toString} writes, such as {@code 1x16}. */
  static Shape parse(String text) {
    String[] sizes = text.split("x");
    return new Shape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
  }

  @Override
  public String toString() {
    return batch + "x" + sequence;
  }
}
