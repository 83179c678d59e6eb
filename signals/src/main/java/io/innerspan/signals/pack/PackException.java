package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OneLine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** A pack, or a folder of packs, that is refused; the message is one line. */
public final class PackException extends IOException {
  /** The kinds of refusals, for counting. */
  public enum Kind {
    /** The pack, its manifest or one of its files cannot be read. */
    UNREADABLE,
    /** The pack was written for a newer version of the format. */
    NEWER_SCHEMA,
    /** A file does not have the size or the digest that the manifest names. */
    FILE_DIGEST,
    /** A golden case gives another value than the pack says. */
    GOLDEN_MISMATCH,
    /** Another pack already claims the id of one of the pack's signals. */
    DUPLICATE_SIGNAL,
    /** The content breaks another rule of the format. */
    INVALID
  }

  private final Kind kind;
  private final String pack;
  private final String file;
  private final String what;
  private final String expected;
  private final String actual;

  PackException(String pack, String file, String what, String expected, Object actual) {
    this(Kind.INVALID, pack, file, what, expected, actual);
  }

  PackException(Kind kind, String pack, String file, String what, String expected, Object actual) {
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
    this.kind = kind;
    this.pack = pack;
    this.file = file;
    this.what = what;
    this.expected = expected;
    this.actual = String.valueOf(actual);
  }

  PackException(String pack, String file, InvalidValueException fault) {
    this(Kind.INVALID, pack, file, fault);
  }

  PackException(Kind kind, String pack, String file, InvalidValueException fault) {
    this(kind, pack, file, fault.what(), fault.expected(), fault.actual());
    initCause(fault);
  }

  PackException(String pack, String file, String expected, Exception cause) {
    this(Kind.UNREADABLE, pack, file, "file", expected, reason(cause));
    initCause(cause);
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
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

  private static String reason(Exception cause) {
    if (cause instanceof NoSuchFileException) {
      return "nothing";
    }
    if (cause instanceof NotDirectoryException) {
      return "a file";
    }
    return cause instanceof AccessDeniedException ? "no permission" : cause.toString();
  }
}
