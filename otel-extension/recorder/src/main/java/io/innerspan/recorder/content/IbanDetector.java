package io.innerspan.recorder.content;

import java.util.List;

/**
 * Finds international bank account numbers: two letters, two digits and 11 to 30 letters or digits,
 * with at most one blank or dash between two of them, whose check digits are right modulo 97 (ISO
 * 13616).
 */
final class IbanDetector implements Detector {
  private static final int FEWEST = 15;
  private static final int MOST = 34;

  @Override
  public void find(CharSequence text, List<Found> found) {
    int at = 0;
    while (at < text.length()) {
      int end = startsAt(text, at) ? end(text, at) : -1;
      if (end > 0) {
        found.add(new Found(at, end, "iban"));
        at = end;
      } else {
        at++;
      }
    }
  }

  private static boolean startsAt(CharSequence text, int at) {
    return isLetter(text, at)
        && isLetter(text, at + 1)
        && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
  }

  /** Where the longest number ends that begins here, or −1. */
  private static int end(CharSequence text, int start) {
    int[] values = new int[MOST];
    int count = 0;
    int end = -1;
    int at = start;
    while (count < MOST) {
      values[count++] = value(text, at++);
      if (count == 4 && (values[2] > 9 || values[3] > 9)) {
        return -1;
      }
      if (Digits.endsBefore(text, at) && count >= FEWEST && isValid(values, count)) {
        end = at;
      }
      if (Digits.isSeparator(text, at)) {
        at++;
      }
      if (value(text, at) < 0) {
        break;
      }
    }
    return end;
  }

  /** Whether the number, its first four characters put last and letters as two digits, is 1. */
  static boolean isValid(int[] values, int count) {
    int rest = 0;
    for (int i = 0; i < count; i++) {
      int value = values[(i + 4) % count];
      rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
    }
    return rest == 1;
  }

  /** 0 to 9 for digits, 10 to 35 for letters of either case, −1 for anything else. */
  private static int value(CharSequence text, int at) {
    char c = at < text.length() ? text.charAt(at) : ' ';
    return c < 128 ? Character.digit(c, 36) : -1;
  }

  private static boolean isLetter(CharSequence text, int at) {
    return value(text, at) > 9;
  }
}
