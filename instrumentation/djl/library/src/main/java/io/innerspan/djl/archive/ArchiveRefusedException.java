package io.innerspan.djl.archive;

/** An archive that cannot be read as one of TorchScript; the message says what and why. */
public final class ArchiveRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why, for counting. */
  public enum Reason {
    /** No ZIP, or a damaged one. */
    NOT_AN_ARCHIVE,
    /** A ZIP without TorchScript's code and tree of modules. */
    NOT_TORCHSCRIPT,
    /** More than is read: code of more than {@link ScriptArchive#MOST_CODE} bytes. */
    TOO_LARGE,
    /** Code that is not understood. */
    UNSUPPORTED
  }

  private final Reason reason;

  public ArchiveRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public ArchiveRefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why, for counting. */
  public Reason reason() {
    return reason;
  }
}
