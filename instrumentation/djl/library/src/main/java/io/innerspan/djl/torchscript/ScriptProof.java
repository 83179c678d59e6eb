package io.innerspan.djl.torchscript;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.golden.GoldenRefusedException;
import io.innerspan.djl.torchscript.CaptureRefusedException.Reason;
import io.innerspan.signals.pack.GoldenInput;
import org.jspecify.annotations.Nullable;

/**
 * Runs golden inputs on a rewritten archive, by its original and by its capture method, and
 * compares every bit of their outputs. Neither the block that the application gets nor what it
 * keeps from one inference to the next is touched: what runs is a copy, which is gone when this is
 * closed. For one thread.
 *
 * <p>Where running twice could be noticed each method has a copy of its own, and each pack begins
 * with new ones, as they are loaded. A model that draws random numbers is not run: the process has
 * one source of them, and the application would get others.
 */
public final class ScriptProof implements GoldenProof.Live<CaptureRefusedException>, AutoCloseable {
  private final RewrittenScript script;
  private final NDManager near;
  private final Loading loading;
  private final ScriptCapture capture;
  private @Nullable Copies copies;

  /** Loads the rewritten archive once more. */
  public interface Loading {
    /**
     * A block of its own.
     *
     * @param manager which closes it
     */
    Block load(NDManager manager) throws CaptureRefusedException;
  }

  private record Copies(NDManager manager, Block original, Block captured) {}

  /**
   * @param near the manager that the application loads its own with
   */
  public ScriptProof(RewrittenScript script, NDManager near, Loading loading) {
    this.script = script;
    this.near = near;
    this.loading = loading;
    this.capture = new ScriptCapture(script);
  }

  @Override
  public void begin() throws CaptureRefusedException {
    if (script.random() || (copies != null && script.repeatable())) {
      return;
    }
    unload();
    NDManager manager = near.newSubManager();
    boolean loaded = false;
    try {
      Block original = loading.load(manager);
      copies =
          new Copies(manager, original, script.repeatable() ? original : loading.load(manager));
      loaded = true;
    } finally {
      if (!loaded) {
        manager.close();
      }
    }
  }

  @Override
  public CapturedReading read(GoldenInput input)
      throws GoldenRefusedException, CaptureRefusedException {
    if (script.random()) {
      throw new GoldenRefusedException(
          "a model that draws random numbers, of which the application would then get others");
    }
    if (copies == null) {
      throw new IllegalStateException("expected begin() before");
    }
    try (NDManager manager = copies.manager().newSubManager()) {
      NDList expected;
      try {
        expected = run(copies.original(), script.inputs().arrange(input, manager), manager);
      } catch (RuntimeException e) {
        throw GoldenRefusedException.failed(e);
      }
      // Made anew: a model may change its inputs.
      return compared(copies.captured(), script.inputs().arrange(input, manager), expected);
    }
  }

  private CapturedReading compared(Block captured, NDList inputs, NDList expected)
      throws CaptureRefusedException {
    NDList prepared = capture.prepare(inputs, GoldenProof.ALL_GATES);
    if (prepared == null) {
      throw new IllegalStateException("expected inputs, found none");
    }
    NDList found;
    try {
      found = run(captured, prepared, inputs.get(0).getManager());
    } catch (RuntimeException e) {
      throw new CaptureRefusedException(
          Reason.RUN_FAILED, e.toString().lines().findFirst().orElse(""));
    } finally {
      capture.release(prepared);
    }
    CapturedReading reading = capture.finish(found, GoldenProof.ALL_GATES);
    String difference = ScriptTrial.difference(expected, found);
    if (difference != null) {
      throw new CaptureRefusedException(Reason.OUTPUT_CHANGED, difference);
    }
    if (reading == null) {
      throw new IllegalStateException("expected a reading beside the outputs, found none");
    }
    return reading;
  }

  /** By the block itself, which puts the module into the mode of inferences. */
  private static NDList run(Block block, NDList inputs, NDManager manager) {
    return block.forward(new ParameterStore(manager, false), inputs, false);
  }

  private void unload() {
    if (copies != null) {
      copies.manager().close();
      copies = null;
    }
  }

  @Override
  public void close() {
    unload();
    capture.close();
  }
}
