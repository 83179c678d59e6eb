package io.innerspan.djl.torchscript;

/** The names that are added to a model's code. */
final class ScriptNames {
  /** Of methods, arguments and variables. */
  static final String PREFIX = "innerspan_";

  static final String CAPTURE = PREFIX + "capture";
  static final String WEIGHTS = PREFIX + "weights";
  static final String GATES = PREFIX + "gates";
  static final String SINK = PREFIX + "sink";

  /** Of the outputs that the application never sees. */
  static final String OUTPUTS = "innerspan/";

  static final String READING = OUTPUTS + "reading";

  /** What the name of a misfit begins with; the unit's number follows. */
  static final String MISFIT = OUTPUTS + "misfit/";

  private ScriptNames() {}
}
