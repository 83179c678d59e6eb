package io.innerspan.recorder.content;

import java.util.Locale;

/** What becomes of text. */
public enum ContentMode {
  /** Nothing of it leaves the process. */
  OFF,
  /** A salted digest and its length leave the process. */
  DIGEST,
  /** The text leaves the process, redacted and shortened. */
  REDACTED;

  /**
   * The mode of a setting.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static ContentMode of(String value) {
    for (ContentMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(value)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("expected off, digest or redacted, found " + value);
  }
}
