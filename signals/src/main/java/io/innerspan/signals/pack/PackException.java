package io.innerspan.signals.pack;

import io.innerspan.signals.OneLine;
import java.io.IOException;

/** A pack, or a folder of packs, that is refused; the message is one line. */
public final class PackException extends IOException {
  private final String pack;
  private final String file;
  private final String what;
  private final String expected;
  private final String actual;

  PackException(String pack, String file, String what, String expected, String actual) {
    super(
        OneLine.of(
            "pack "
                + pack
                + ": "
                + file
                + ": "
                + what
                + ": expected "
                + expected
                + ", found "
                + actual));
    this.pack = pack;
    this.file = file;
    this.what = what;
    this.expected = expected;
    this.actual = actual;
  }

  /** Where the pack lies. */
  public String pack() {
    return pack;
  }

  /** The file in the pack that is wrong. */
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
