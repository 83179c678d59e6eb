package io.innerspan.recorder.content;

/** Digits of any script, and what people write between them. */
final class Digits {
  /** The digit at a place, or −1 when there is none. */
  static int at(CharSequence text, int at) {
    return at < text.length() && at >= 0 ? Character.digit(text.charAt(at), 10) : -1;
  }

  /** Whether a number begins here: no letter or digit comes before it. */
  static boolean startsAt(CharSequence text, int at) {
    return at(text, at) >= 0 && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
  }

  /** Whether a number ends before this place. */
  static boolean endsBefore(CharSequence text, int at) {
    return at >= text.length() || !Character.isLetterOrDigit(text.charAt(at));
  }

  /** A blank, a dot, a dash or an invisible character, such as people or editors put in. */
  static boolean isSeparator(CharSequence text, int at) {
    if (at >= text.length()) {
      return false;
    }
    char c = text.charAt(at);
    return c == '.'
        || Character.isSpaceChar(c)
        || c == '\t'
        || Character.getType(c) == Character.DASH_PUNCTUATION
        || Character.getType(c) == Character.FORMAT;
  }

  private Digits() {}
}
