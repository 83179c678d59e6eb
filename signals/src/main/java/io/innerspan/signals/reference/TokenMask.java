package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;

/** Which tokens of a row are real; padding may lie on either side. */
final class TokenMask {
  private final boolean[] real;
  private final int count;
  private final int first;
  private final int last;

  TokenMask(boolean[] real, int tokens) {
    if (real.length != tokens) {
      throw new InvalidValueException("mask", tokens + " tokens", real.length);
    }
    int count = 0;
    int first = tokens;
    int last = -1;
    for (int token = 0; token < tokens; token++) {
      if (real[token]) {
        count++;
        first = Math.min(first, token);
        last = token;
      }
    }
    this.real = real;
    this.count = count;
    this.first = first;
    this.last = last;
  }

  int count() {
    return count;
  }

  int first() {
    return first;
  }

  int last() {
    return last;
  }

  boolean isReal(int token) {
    return real[token];
  }
}
