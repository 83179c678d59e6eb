package io.innerspan.djl.saliency;

/** An inference or a model that cannot be explained; the message says what and why. */
public final class SaliencyRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  public SaliencyRefusedException(String message) {
    super(message);
  }

  public SaliencyRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
