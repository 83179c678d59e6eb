package io.innerspan.djl.javaagent;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.innerspan.djl.block.BlockPlan;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.outputs.OutputSignals;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
          ? closed(observer, engine, model)
          : imperative(observer, model, block);
    } catch (Throwable fault) { // Of a strange model, or one that is larger than the heap.
      observer.fault("open", fault);
      return UNKNOWN;
    }
  }

  private static Readable imperative(PredictionObserver observer, Model model, Block block)
      throws IOException {
    String sha256 = Digests.of(block);
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

  private static Readable closed(PredictionObserver observer, String engine, Model model)
      throws IOException {
    Path file = file(model);
    if (file == null) {
      return UNKNOWN;
    }
    String sha256 = Digests.of(file);
    WantedSignals wanted = WantedSignals.of(observer, sha256);
    return wanted == null
        ? unread(file, sha256)
        : outputsOnly(file, sha256, wanted, "of " + engine + " only outputs are read");
  }

  private static Readable outputsOnly(
      @Nullable Path file, String sha256, WantedSignals wanted, String closed) {
    OutputSignals outputs = wanted.ofOutputs(closed);
    return new Readable(
        file,
        sha256,
        wanted.read(outputs.layout(), outputs.refusals()),
        null,
        null,
        outputs.layout().size() == 0 ? null : outputs);
  }

  /** The only file in a model's folder that has the model's name, whatever its ending. */
  private static @Nullable Path file(Model model) throws IOException {
    Path path = model.getModelPath();
    if (path == null || Files.isRegularFile(path)) {
      return path;
    }
    try (Stream<Path> content = Files.list(path)) {
      List<Path> files =
          content
              .filter(Files::isRegularFile)
              .filter(file -> stem(file).equals(model.getName()))
              .toList();
      return files.size() == 1 ? files.get(0) : null;
    }
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
