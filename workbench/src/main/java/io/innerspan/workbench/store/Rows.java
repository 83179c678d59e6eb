package io.innerspan.workbench.store;

/** Activations that can be read in any order. */
public interface Rows {
  /** How many there are. */
  int count();

  /** Their width. */
  int width();

  /** Copies one. */
  void copy(int row, float[] to, int offset);

  /** Copies chosen ones, {@code [to - from, width]}. */
  default float[] gather(int[] chosen, int from, int to) {
    float[] rows = new float[(to - from) * width()];
    for (int i = from; i < to; i++) {
      copy(chosen[i], rows, (i - from) * width());
    }
    return rows;
  }

  /** Copies those from one on, {@code [to - from, width]}. */
  default float[] range(int from, int to) {
    float[] rows = new float[(to - from) * width()];
    for (int i = from; i < to; i++) {
      copy(i, rows, (i - from) * width());
    }
    return rows;
  }

  /** Chosen rows of these, in the order of the choice. */
  default Rows only(int[] chosen) {
    Rows all = this;
    return new Rows() {
      @Override
      public int count() {
        return chosen.length;
      }

      @Override
      public int width() {
        return all.width();
      }

      @Override
      public void copy(int row, float[] to, int offset) {
        all.copy(chosen[row], to, offset);
      }
    };
  }

  /** Rows in memory, {@code [n, width]}. */
  static Rows of(float[] values, int width) {
    return new Rows() {
      @Override
      public int count() {
        return values.length / width;
      }

      @Override
      public int width() {
        return width;
      }

      @Override
      public void copy(int row, float[] to, int offset) {
        System.arraycopy(values, row * width, to, offset, width);
      }
    };
  }
}
