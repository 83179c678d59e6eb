package io.innerspan.recorder.content;

/**
 * A text that a regular expression may look at for so long only: one that backtracks without end
 * would keep the application's thread. For one thread.
 */
final class BoundedText implements CharSequence {
  /** Looks at the text are over. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Exhausted() {
      super("a pattern took too long", null, false, false);
    }
  }

  private final String text;
  private int left;

  BoundedText(String text, int looks) {
    this.text = text;
    this.left = looks;
  }

  @Override
  public char charAt(int index) {
    if (left-- <= 0) {
      throw new Exhausted();
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
