package io.innerspan.recorder.content;

import java.util.List;

/**
 * Finds numbers of payment cards: 13 to 19 digits with at most one blank, dot or dash between two
 * of them, whose check digit is right by Luhn's algorithm (ISO/IEC 7812-1, annex B).
 */
final class CardDetector implements Detector {
  private static final int FEWEST = 13;
  private static final int MOST = 19;

  @Override
  public void find(CharSequence text, List<Found> found) {
    int at = 0;
    while (at < text.length()) {
      int end = Digits.startsAt(text, at) ? end(text, at) : -1;
      if (end > 0) {
        found.add(new Found(at, end, "card"));
        at = end;
      } else {
        at++;
      }
    }
  }

  /** Where the longest card number ends that begins here, or −1. */
  private static int end(CharSequence text, int start) {
    int[] digits = new int[MOST];
    int count = 0;
    int end = -1;
    int at = start;
    while (count < MOST) {
      digits[count++] = Digits.at(text, at++);
      if (Digits.endsBefore(text, at) && count >= FEWEST && isLuhn(digits, count)) {
        end = at;
      }
      if (Digits.isSeparator(text, at)) {
        at++;
      }
      if (Digits.at(text, at) < 0) {
        break;
      }
    }
    return end;
  }

  /** Whether the last digit is the check digit of the others. */
  static boolean isLuhn(int[] digits, int count) {
    int sum = 0;
    boolean varied = false;
    for (int i = 0; i < count; i++) {
      int digit = digits[count - 1 - i];
      varied |= digit != digits[0];
      int weighted = i % 2 == 0 ? digit : 2 * digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return varied && sum % 10 == 0; // Nobody's number is all zeros.
  }
}
