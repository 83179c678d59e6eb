package io.innerspan.recorder.content;

import java.util.List;

/**
 * Finds telephone numbers: 8 to 15 digits after {@code +} or {@code 00} (ITU-T E.164); 9 to 12
 * digits with a leading 0 in at least two groups; ten digits in groups of three, three and four.
 * Groups are parted by blanks, dots, dashes, slashes and brackets.
 */
final class PhoneDetector implements Detector {
  private static final int MOST = 15;
  private static final int LONGEST_GAP = 3;

  @Override
  public void find(CharSequence text, List<Found> found) {
    int at = 0;
    while (at < text.length()) {
      int end = startsAt(text, at) ? end(text, at) : -1;
      if (end > 0) {
        found.add(new Found(at, end, "phone"));
        at = end;
      } else {
        at++;
      }
    }
  }

  private static boolean startsAt(CharSequence text, int at) {
    char c = text.charAt(at);
    boolean begins = Digits.at(text, at) >= 0 || ((c == '+' || c == '(') && at + 1 < text.length());
    return begins && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)));
  }

  private static int end(CharSequence text, int start) {
    boolean international = text.charAt(start) == '+';
    Groups groups = new Groups();
    int at = international ? start + 1 : start;
    int end = -1;
    while (groups.digits <= MOST + 2) {
      int gap = 0;
      while (gap <= LONGEST_GAP && isGap(text, at)) {
        at++;
        gap++;
      }
      if (gap > LONGEST_GAP || Digits.at(text, at) < 0) {
        break;
      }
      int length = 0;
      while (Digits.at(text, at) >= 0) {
        groups.add(Digits.at(text, at++));
        length++;
      }
      groups.end(length);
      if (Digits.endsBefore(text, at) && groups.isNumber(international)) {
        end = at;
      }
    }
    return end;
  }

  private static boolean isGap(CharSequence text, int at) {
    return Digits.isSeparator(text, at)
        || (at < text.length() && "()/".indexOf(text.charAt(at)) >= 0);
  }

  /** What was seen of a number so far. */
  private static final class Groups {
    private int digits;
    private int zeros;
    private int groups;
    private int shape;

    void add(int digit) {
      if (digit == 0 && zeros == digits) {
        zeros++;
      }
      digits++;
    }

    void end(int length) {
      groups++;
      shape = groups <= 3 ? shape * 10 + Math.min(length, 9) : 0;
    }

    boolean isNumber(boolean international) {
      if (international) {
        return digits >= 8 && digits <= MOST;
      }
      if (zeros == 2) {
        return digits >= 10 && digits <= MOST + 2;
      }
      if (zeros == 1) {
        return groups >= 2 && digits >= 9 && digits <= 12;
      }
      return shape == 334;
    }
  }
}
