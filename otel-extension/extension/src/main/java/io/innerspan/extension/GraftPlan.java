package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.onnxruntime.graft.SignalRefusal;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is to be grafted onto a model.
 *
 * @param overlay the bytes to append, for the engine's side
 * @param layout what the columns of its reading mean
 * @param refusals why signals have no column, by signal id
 */
record GraftPlan(GraftOverlay overlay, ReadingLayout layout, Map<String, SignalRefusal> refusals) {

  /**
   * Compiles the signals of some packs.
   *
   * @param gating of those that packs do not want for every inference
   */
  static GraftPlan of(
      OnnxModel model, List<ProbePack> packs, Gating gating, Set<String> droppedTaps) {
    List<Signal> signals = new ArrayList<>();
    packs.forEach(pack -> signals.addAll(pack.signals()));
    Overlay overlay = OverlayCompiler.compile(model, signals, droppedTaps, gating.honouring(packs));
    ReadingLayout layout =
        new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
    return new GraftPlan(
        new GraftOverlay(
            overlay.bytes(),
            overlay.readingOutput(),
            overlay.gateCount() == 0 ? null : OverlayCompiler.GATES,
            overlay.gateCount(),
            overlay.standingGates(),
            overlay.readsAlways(),
            layout.columns(),
            overlay.taps(),
            model.maskInput(),
            model.externalData()),
        layout,
        overlay.refusals());
  }

  /** The SHA-256 of the overlay in lowercase hexadecimal. */
  String digest() {
    return ModelDigest.of(overlay.bytes());
  }

  /** Whether no signal is left. */
  boolean isEmpty() {
    return layout.size() == 0;
  }
}
