package io.innerspan.workbench.learn;

/** The tokens of texts at one place, a bag for each text; safe to share between threads. */
public interface TokenBags {
  /** How many texts there are. */
  int count();

  /** The width of a token's activation. */
  int width();

  /** How many tokens a text has, at least one. */
  int tokens(int text);

  /** Copies a text's tokens, {@code [tokens, width]}, to the beginning of an array. */
  void copy(int text, float[] to);

  /** The tokens of the longest text. */
  default int mostTokens() {
    int most = 1;
    for (int i = 0; i < count(); i++) {
      most = Math.max(most, tokens(i));
    }
    return most;
  }

  /** Chosen texts of these, in the order of the choice. */
  default TokenBags only(int[] chosen) {
    TokenBags all = this;
    return new TokenBags() {
      @Override
      public int count() {
        return chosen.length;
      }

      @Override
      public int width() {
        return all.width();
      }

      @Override
      public int tokens(int text) {
        return all.tokens(chosen[text]);
      }

      @Override
      public void copy(int text, float[] to) {
        all.copy(chosen[text], to);
      }
    };
  }

  /**
   * Texts of one token each.
   *
   * @param rows {@code [n][width]}, which must not change
   */
  static TokenBags ofRows(float[][] rows) {
    return new TokenBags() {
      @Override
      public int count() {
        return rows.length;
      }

      @Override
      public int width() {
        return rows[0].length;
      }

      @Override
      public int tokens(int text) {
        return 1;
      }

      @Override
      public void copy(int text, float[] to) {
        System.arraycopy(rows[text], 0, to, 0, rows[text].length);
      }
    };
  }
}
