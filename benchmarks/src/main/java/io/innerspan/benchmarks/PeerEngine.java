package io.innerspan.benchmarks;

import java.util.Locale;

/** Who computes a model and its signals. */
enum PeerEngine {
  /** The model with a graft, in ONNX Runtime. */
  ONNXRUNTIME("graft"),
  /** The same weights in PyTorch, with forward hooks. */
  PYTORCH("hooks");

  private final String means;

  PeerEngine(String means) {
    this.means = means;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** How its signals are computed. */
  String means() {
    return means;
  }
}
