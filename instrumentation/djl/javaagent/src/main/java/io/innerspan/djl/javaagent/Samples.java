package io.innerspan.djl.javaagent;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.innerspan.djl.saliency.RowInputs;
import io.innerspan.djl.saliency.SaliencyRefusedException;
import io.innerspan.djl.saliency.Target;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes inferences of a model away to be explained. In the request's thread only a row of the
 * inputs is copied. Thread-safe.
 */
final class Samples {
  private static final String ENGINE = "PyTorch";
  private static final String ONNX_RUNTIME = "OnnxRuntime";

  /** How a copy of the model is made; null while no inference was sampled. */
  private @Nullable SaliencyCopy copy;

  private boolean closed;

  /**
   * The thread's inference is to be explained.
   *
   * @param file of a TorchScript module, or null
   */
  void take(
      ExplainedInferences explained,
      Block block,
      @Nullable Path file,
      NDList inputs,
      NDList outputs) {
    if (engine(inputs).equals(ONNX_RUNTIME)) {
      return; // Its session's own instrumentation has them explained.
    }
    try {
      int rows = rows(inputs);
      int row = ThreadLocalRandom.current().nextInt(rows);
      Target target = Target.of(outputs, rows, row);
      RowInputs copied = RowInputs.copy(inputs, row);
      Device device = inputs.get(0).getDevice();
      explained.explain(new SaliencySample(copy(block, file, device), copied, target, row));
    } catch (SaliencyRefusedException e) {
      explained.notExplained(
          new SaliencyMissingException(Reason.UNSUPPORTED, String.valueOf(e.getMessage())));
    } catch (SaliencyMissingException e) {
      explained.notExplained(e);
    }
  }

  private static String engine(NDList inputs) {
    return inputs.isEmpty()
        ? "none: there is no input"
        : inputs.get(0).getManager().getEngine().getEngineName();
  }

  private static int rows(NDList inputs) throws SaliencyRefusedException {
    String engine = engine(inputs);
    if (!engine.equals(ENGINE)) {
      throw new SaliencyRefusedException("expected the engine " + ENGINE + ", found " + engine);
    }
    return RowInputs.rows(inputs);
  }

  /** Quick, for a request waits for it: files are looked at when the copy is loaded. */
  private synchronized SaliencyCopy copy(Block block, @Nullable Path file, Device device)
      throws SaliencyRefusedException, SaliencyMissingException {
    if (closed) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the model was closed");
    }
    if (copy == null) {
      copy =
          block instanceof SymbolBlock ? script(file, device) : SaliencyCopy.ofBlock(block, device);
    }
    return copy;
  }

  private static SaliencyCopy script(@Nullable Path file, Device device)
      throws SaliencyRefusedException {
    if (file == null) {
      throw new SaliencyRefusedException("expected a model from a file, found none");
    }
    return SaliencyCopy.ofScript(file, device);
  }

  /** The model is closed; waits for one run of its copy at most. No request waits for that. */
  void close() {
    SaliencyCopy made;
    synchronized (this) {
      closed = true;
      made = copy;
    }
    if (made != null) {
      made.close();
    }
  }
}
