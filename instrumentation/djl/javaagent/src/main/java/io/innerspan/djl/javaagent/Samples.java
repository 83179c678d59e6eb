package io.innerspan.djl.javaagent;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SymbolBlock;
import io.innerspan.djl.saliency.RowInputs;
import io.innerspan.djl.saliency.SaliencyRefusedException;
import io.innerspan.djl.saliency.Target;
import io.opentelemetry.javaagent.innerspan.bridge.PredictedModel;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes inferences of a model away to be explained. In the request's thread only a row of the
 * inputs is copied. Thread-safe.
 */
final class Samples {
  private static final String ENGINE = "PyTorch";

  /** How a copy of the model is made; null while no inference was sampled. */
  private @Nullable SaliencyCopy copy;

  private boolean closed;

  /**
   * The thread's inference is to be explained.
   *
   * @param file of a TorchScript module, or null
   */
  void take(
      PredictedModel observed, Block block, @Nullable Path file, NDList inputs, NDList outputs) {
    try {
      int rows = rows(inputs);
      int row = ThreadLocalRandom.current().nextInt(rows);
      Target target = Target.of(outputs, rows, row);
      RowInputs copied = RowInputs.copy(inputs, row);
      Device device = inputs.get(0).getDevice();
      observed.explain(new SaliencySample(copy(block, file, device), copied, target, row));
    } catch (SaliencyRefusedException | IOException e) {
      observed.notExplained(
          new SaliencyMissingException(Reason.UNSUPPORTED, String.valueOf(e.getMessage())));
    } catch (SaliencyMissingException e) {
      observed.notExplained(e);
    }
  }

  private static int rows(NDList inputs) throws SaliencyRefusedException {
    if (inputs.isEmpty()) {
      throw new SaliencyRefusedException("expected at least one input, found none");
    }
    String engine = inputs.get(0).getManager().getEngine().getEngineName();
    if (!engine.equals(ENGINE)) {
      throw new SaliencyRefusedException("expected the engine " + ENGINE + ", found " + engine);
    }
    return RowInputs.rows(inputs);
  }

  private synchronized SaliencyCopy copy(Block block, @Nullable Path file, Device device)
      throws SaliencyRefusedException, SaliencyMissingException, IOException {
    if (closed) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the model was closed");
    }
    if (copy == null) {
      copy = block instanceof SymbolBlock ? script(file, device) : block(block, device);
    }
    return copy;
  }

  private static SaliencyCopy script(@Nullable Path file, Device device)
      throws SaliencyRefusedException, IOException {
    if (file == null) {
      throw new SaliencyRefusedException("expected a model from a file, found none");
    }
    return SaliencyCopy.ofScript(file, Files.size(file), device);
  }

  private static SaliencyCopy block(Block block, Device device) {
    long bytes =
        block.getParameters().values().stream()
            .filter(parameter -> parameter.isInitialized())
            .mapToLong(
                parameter ->
                    parameter.getArray().size()
                        * parameter.getArray().getDataType().getNumOfBytes())
            .sum();
    return SaliencyCopy.ofBlock(block, bytes, device);
  }

  /** The model is closed; waits for one run of its copy at most. */
  synchronized void close() {
    closed = true;
    if (copy != null) {
      copy.close();
    }
  }
}
