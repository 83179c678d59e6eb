package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.innerspan.djl.block.BlockDigest;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.outputs.OutputForm;
import io.innerspan.djl.outputs.OutputSignals;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model, and how its signals are read.
 *
 * @param file its file, or null when it is not known to come from one
 * @param sha256 the SHA-256 by which packs are found, or null when nobody asked
 * @param reads what is read of it, or null when no pack is for it
 * @param runner runs a TorchScript module so that it gives a reading; else null
 * @param blocks reads a model that is defined in Java while its blocks run; else null
 * @param outputs signals of what it gives, where it cannot be looked into; else null
 */
record Readable(
    @Nullable Path file,
    @Nullable String sha256,
    @Nullable ReadSignals reads,
    @Nullable ScriptRunner runner,
    @Nullable BlockReader blocks,
    @Nullable OutputSignals outputs) {
  private static final Readable UNKNOWN = unread(null, null);

  /** What DJL's ONNX Runtime engine is called: there the session's own instrumentation reads. */
  private static final String ONNX_RUNTIME = "OnnxRuntime";

  /** A model that no pack is for. */
  static Readable unread(@Nullable Path file, @Nullable String sha256) {
    return new Readable(file, sha256, null, null, null, null);
  }

  /** Whether anything is read of it. */
  boolean isRead() {
    return runner != null || blocks != null || outputs != null;
  }

  /** The model is closed: what was made for it is not needed any more. */
  void close() {
    if (runner != null) {
      runner.close();
    }
    if (blocks != null) {
      blocks.close();
    }
  }

  /** A model that was not loaded from a TorchScript archive. */
  static Readable of(
      PredictionObserver observer, String engine, Model model, @Nullable Block block) {
    if (engine.equals(ONNX_RUNTIME) || !observer.wantsDigests()) {
      return UNKNOWN;
    }
    try {
      return block == null || block instanceof SymbolBlock
          ? closed(observer, engine, model, block)
          : imperative(observer, model, block);
    } catch (Throwable fault) { // Of a strange model, or one that is larger than the heap.
      observer.fault("open", fault);
      return UNKNOWN;
    }
  }

  private static Readable imperative(PredictionObserver observer, Model model, Block block)
      throws IOException {
    String sha256 = BlockDigest.of(block);
    WantedSignals left = WantedSignals.of(observer, sha256);
    if (left == null) {
      return unread(null, sha256);
    }
    while (true) {
      BlockPlan plan = BlockPlan.of(block, left.signals(), left.gating());
      ReadSignals reads = left.read(plan.layout(), plan.refusals());
      if (plan.isEmpty()) {
        return new Readable(null, sha256, reads, null, null, null);
      }
      boolean kept = false;
      try {
        GoldenProof proof =
            GoldenProof.of(left.packs(), plan.layout(), GoldenRun.proof(plan, model, block));
        if (proof.agrees()) {
          kept = true;
          return new Readable(null, sha256, reads, null, new BlockReader(plan), null);
        }
        left = left.without(proof); // Each time fewer signals.
      } finally {
        if (!kept) {
          plan.close();
        }
      }
    }
  }

  private static Readable closed(
      PredictionObserver observer, String engine, Model model, @Nullable Block block)
      throws IOException {
    ModelFiles files = ModelFiles.of(engine, model);
    if (files == null) {
      return block == null ? UNKNOWN : unknown(engine, model);
    }
    Path file = files.content().get(0);
    String sha256 = Digests.of(files.content());
    WantedSignals wanted = WantedSignals.of(observer, sha256);
    return wanted == null ? unread(file, sha256) : outputsOnly(file, sha256, wanted, engine);
  }

  /** A model that runs in this JVM, and for which no pack can be found. */
  private static Readable unknown(String engine, Model model) {
    String detail =
        "no pack can be found for it: expected the files of a model of "
            + engine
            + " in its folder, found "
            + (model.getModelPath() == null ? "no folder" : "none that are known");
    ReadSignals none =
        WantedSignals.NONE.none(new Refusal(Refusal.Reason.UNREADABLE_MODEL, detail));
    return new Readable(null, null, none, null, null, null);
  }

  private static Readable outputsOnly(
      @Nullable Path file, String sha256, WantedSignals wanted, String engine) {
    String closed = "of " + engine + " only outputs are read";
    OutputSignals outputs = wanted.ofOutputs(closed, OutputForm.of(engine));
    return new Readable(
        file,
        sha256,
        wanted.read(outputs.layout(), outputs.refusals()),
        null,
        null,
        outputs.layout().size() == 0 ? null : outputs);
  }
}
