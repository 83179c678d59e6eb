package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import java.util.List;
import java.util.Set;

/** Compiles signals into bytes that, appended to a model, make its graph compute them. */
public final class OverlayCompiler {
  /** The hidden output's name. */
  public static final String READING = "innerspan/reading";

  private OverlayCompiler() {}

  public static Overlay compile(OnnxModel model, List<Signal> signals, Set<String> excludedTaps) {
    throw new UnsupportedOperationException();
  }

  public static Exposure expose(OnnxModel model, List<HookPoint> hookPoints) {
    throw new UnsupportedOperationException();
  }
}
