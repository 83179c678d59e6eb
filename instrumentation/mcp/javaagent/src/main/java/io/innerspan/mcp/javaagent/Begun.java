package io.innerspan.mcp.javaagent;

/** What advice hands from the beginning of a method to its end, in an array. */
final class Begun {
  /** What the method goes on with in the place of an argument. */
  static final int PARAMETERS = 0;

  /** Ours. */
  static final int CALL = 1;

  private Begun() {}
}
