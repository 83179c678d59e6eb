package io.innerspan.extension;

import io.innerspan.recorder.Recorder;

/**
 * What the observation of a model needs, made after the application began to start.
 *
 * @param certificates what was certified beforehand
 * @param sampling when signals behind gates are computed
 * @param anyModel whether models that no pack is for are read too
 */
record Services(
    Recorder recorder,
    Packs packs,
    Certificates certificates,
    Sampling sampling,
    boolean anyModel) {
  /** Whether nothing can be read on any model. */
  boolean readNothing() {
    return packs.isEmpty() && !anyModel;
  }
}
