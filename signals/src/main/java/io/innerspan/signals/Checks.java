package io.innerspan.signals;

import java.util.regex.Pattern;

/** What every signal and pack is held to, said in one way. */
final class Checks {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final int MAX_LABEL = 64;

  static String id(String id) {
    if (!ID.matcher(id).matches()) {
      throw new InvalidValueException("id", ID.pattern(), "'" + id + "'");
    }
    return id;
  }

  static String label(String what, String label) {
    return text(what, label, MAX_LABEL);
  }

  static void labels(String positive, String negative) {
    label("labels.positive", positive);
    label("labels.negative", negative);
    if (positive.equals(negative)) {
      throw new InvalidValueException("labels", "two different ones", "'" + positive + "' twice");
    }
  }

  /** A copy of at least one value, all of them finite. */
  static float[] weights(String what, float[] values) {
    if (values.length == 0) {
      throw new InvalidValueException(what, "at least 1 value", "0");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new InvalidValueException(what + "[" + i + "]", "a finite number", values[i]);
      }
    }
    return values.clone();
  }

  static String text(String what, String text, int maxLength) {
    if (!isText(text, maxLength)) {
      throw new InvalidValueException(
          what,
          "1 to " + maxLength + " characters, not blank and without control characters",
          "'" + text + "'");
    }
    return text;
  }

  static boolean isText(String text, int maxLength) {
    return !text.isBlank() && text.length() <= maxLength && !hasControl(text);
  }

  static double finite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidValueException(what, "a finite number", value);
    }
    return value;
  }

  static double positive(String what, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidValueException(what, "a finite number above 0", value);
    }
    return value;
  }

  /** A number of things, from 1 on. */
  static int count(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new InvalidValueException(what, "from 1 to " + most, value);
    }
    return value;
  }

  /** A fraction strictly between 0 and 1. */
  static double fraction(String what, double value) {
    if (!(value > 0 && value < 1)) {
      throw new InvalidValueException(what, "a number above 0 and below 1", value);
    }
    return value;
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private Checks() {}
}
