package io.innerspan.extension;

import io.innerspan.recorder.Recorder;

/**
 * What the observation of a model needs, made after the application began to start.
 *
 * @param sampling when dear signals are computed
 */
record Services(Recorder recorder, Packs packs, Sampling sampling) {}
