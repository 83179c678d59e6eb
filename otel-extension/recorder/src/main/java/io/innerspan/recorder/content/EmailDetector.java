package io.innerspan.recorder.content;

import java.util.List;

/** Finds e-mail addresses, letters of any script included. */
final class EmailDetector implements Detector {
  private static final String LOCAL = ".!#$%&'*+/=?^_`{|}~-";
  private static final int LONGEST_LOCAL = 64;
  private static final int LONGEST_DOMAIN = 255;

  @Override
  public void find(CharSequence text, List<Found> found) {
    int from = 0;
    for (int at = 1; at < text.length(); at++) {
      if (text.charAt(at) != '@') {
        continue;
      }
      int start = at;
      while (start > from && at - start < LONGEST_LOCAL && isLocal(text.charAt(start - 1))) {
        start--;
      }
      int end = domainEnd(text, at + 1);
      if (start < at && end > 0) {
        found.add(new Found(start, end, "email"));
        from = end;
      }
    }
  }

  private static boolean isLocal(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || LOCAL.indexOf(c) >= 0;
  }

  /** Where the domain ends that begins here, or −1 when there is none with a dot. */
  private static int domainEnd(CharSequence text, int start) {
    int end = start;
    int lastDot = -1;
    while (end < text.length() && end - start < LONGEST_DOMAIN) {
      char c = text.charAt(end);
      if (c == '.') {
        if (end == start || text.charAt(end - 1) == '.') {
          break;
        }
        lastDot = end;
      } else if (c != '-' && !Character.isLetterOrDigit(c) && !Character.isSurrogate(c)) {
        break;
      }
      end++;
    }
    if (end > start && text.charAt(end - 1) == '.') { // A sentence's.
      end--;
      lastDot = lastIndexOfDot(text, start, end);
    }
    return lastDot > start && end - lastDot > 2 ? end : -1;
  }

  private static int lastIndexOfDot(CharSequence text, int from, int to) {
    for (int at = to - 1; at > from; at--) {
      if (text.charAt(at) == '.') {
        return at;
      }
    }
    return -1;
  }
}
