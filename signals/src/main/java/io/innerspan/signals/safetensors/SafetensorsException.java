package io.innerspan.signals.safetensors;

import io.innerspan.signals.OneLine;
import java.io.IOException;

/** A safetensors file that cannot be read or written; the message is one line. */
public final class SafetensorsException extends IOException {
  private final String file;
  private final String what;
  private final String expected;
  private final String actual;

  SafetensorsException(String file, String what, String expected, Object actual) {
    super(OneLine.of(file + ": " + what + ": expected " + expected + ", found " + actual));
    this.file = file;
    this.what = what;
    this.expected = expected;
    this.actual = String.valueOf(actual);
  }

  /** What messages call a tensor. */
  static String tensor(String name) {
    return "tensor '" + OneLine.name(name) + "'";
  }

  /** The file, as the caller named it. */
  public String file() {
    return file;
  }

  /** The part of the file that is wrong. */
  public String what() {
    return what;
  }

  /** What the part should be. */
  public String expected() {
    return expected;
  }

  /** What the part is. */
  public String actual() {
    return actual;
  }
}
