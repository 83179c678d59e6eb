package io.innerspan.semconv.generator;

/** The registry breaks a rule of its syntax or of its naming. */
public final class RegistryException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  RegistryException(String place, String expected, String actual) {
    super(place + ": expected " + expected + ", found " + actual);
  }
}
