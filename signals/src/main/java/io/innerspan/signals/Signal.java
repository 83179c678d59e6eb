package io.innerspan.signals;

/** Something computed at a hook point that gives one value per row of a batch. */
public sealed interface Signal permits Probe, ActivationNorm {
  /** The signal's id, unique among all signals of a JVM: {@code [a-z][a-z0-9_]*}. */
  String id();

  /** Where in the model the signal looks. */
  HookPoint hookPoint();
}
