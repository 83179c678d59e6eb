package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.util.regex.Pattern;

/** The spellings that a manifest allows; the same patterns stand in its JSON Schema. */
final class Formats {
  /** Of a pack, a model, a tensor's input. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** A file beside the manifest: no folders, so nothing can point out of the pack. */
  static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  static final Pattern METRIC = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** <a href="https://semver.org/spec/v2.0.0.html">Semantic Versioning 2.0.0</a>. */
  static final Pattern SEMVER =
      Pattern.compile(
          "(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,8})"
              + "(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
              + "(\\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
              + "(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");

  static final int MAX_NAME = 100;
  static final int MAX_TEXT = 4000;

  static String check(String what, Pattern pattern, String text) {
    // The length first: a pattern must not be made to work on a megabyte.
    if (text.length() > MAX_NAME || !pattern.matcher(text).matches()) {
      throw new InvalidValueException(what, describe(pattern), "'" + text + "'");
    }
    return text;
  }

  static String text(String what, String text) {
    if (text.isBlank() || text.length() > MAX_TEXT) {
      throw new InvalidValueException(
          what,
          "1 to " + MAX_TEXT + " characters, not blank",
          text.length() > MAX_TEXT ? text.length() + " characters" : "'" + text + "'");
    }
    return text;
  }

  private static String describe(Pattern pattern) {
    if (pattern == SHA256) {
      return "64 lowercase hexadecimal digits";
    }
    return pattern == SEMVER
        ? "a semantic version such as 1.0.0"
        : "a name such as " + pattern.pattern();
  }

  private Formats() {}
}
