package io.innerspan.djl.javaagent;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import io.innerspan.djl.saliency.ExplainedModel;
import io.innerspan.djl.saliency.Explanation;
import io.innerspan.djl.saliency.RowInputs;
import io.innerspan.djl.saliency.SaliencyRefusedException;
import io.innerspan.djl.saliency.Target;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A second copy of a model's weights, made when it is first needed and freed with the model.
 * Explains in one thread; any thread may close it.
 */
final class SaliencyCopy {
  private final Loading loading;
  private final Size size;
  private @Nullable ExplainedModel model;
  private @Nullable SaliencyMemory reserved;
  private long reservedBytes;
  private boolean closed;

  SaliencyCopy(Loading loading, Size size) {
    this.loading = loading;
    this.size = size;
  }

  /** How much the copy takes. */
  interface Size {
    long bytes() throws IOException;
  }

  /** Makes the copy. */
  interface Loading {
    ExplainedModel load(RowInputs inputs) throws IOException, SaliencyRefusedException;
  }

  static SaliencyCopy ofScript(Path file, Device device) {
    return new SaliencyCopy(
        inputs -> ScriptLoading.unobserved(() -> ExplainedModel.ofScript(file, device, inputs)),
        () -> Files.size(file));
  }

  static SaliencyCopy ofBlock(Block block, Device device) {
    return new SaliencyCopy(
        inputs -> ExplainedModel.ofBlock(block, device, inputs), () -> bytes(block));
  }

  private static long bytes(Block block) {
    return block.getParameters().values().stream()
        .filter(Parameter::isInitialized)
        .map(Parameter::getArray)
        .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
        .sum();
  }

  Explanation explain(
      RowInputs inputs,
      Target target,
      SaliencyMethod method,
      Baseline baseline,
      SaliencyMemory memory)
      throws SaliencyMissingException {
    try {
      return model(inputs, memory).explain(inputs, target, method, baseline);
    } catch (SaliencyRefusedException | IOException e) {
      throw new SaliencyMissingException(Reason.UNSUPPORTED, String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      throw closed();
    } catch (EngineException e) {
      // So that it stops saliency, and is not tried again with each sample.
      OutOfMemoryError exhausted = EngineMemory.exhausted(e);
      if (exhausted != null) {
        throw exhausted;
      }
      throw e;
    }
  }

  private ExplainedModel model(RowInputs inputs, SaliencyMemory memory)
      throws SaliencyMissingException, SaliencyRefusedException, IOException {
    ExplainedModel known = known();
    if (known != null) {
      return known;
    }
    long bytes = bytes();
    if (!memory.reserve(bytes)) {
      throw new SaliencyMissingException(
          Reason.MEMORY_LIMIT, "expected room for " + bytes + " bytes, found less");
    }
    try {
      ExplainedModel loaded = loading.load(inputs); // Not locked: whoever closes must not wait.
      if (keep(loaded, memory, bytes)) {
        return loaded;
      }
      loaded.close();
    } catch (SaliencyRefusedException | IOException | RuntimeException | Error e) {
      memory.release(bytes);
      throw e;
    }
    memory.release(bytes);
    throw closed();
  }

  private synchronized @Nullable ExplainedModel known() throws SaliencyMissingException {
    if (closed) {
      throw closed();
    }
    return model;
  }

  /** Locked: it looks at the application's own parameters, which must not be freed meanwhile. */
  private synchronized long bytes() throws SaliencyMissingException, IOException {
    if (closed) {
      throw closed();
    }
    return size.bytes();
  }

  private synchronized boolean keep(ExplainedModel loaded, SaliencyMemory memory, long bytes) {
    if (closed) {
      return false;
    }
    model = loaded;
    reserved = memory;
    reservedBytes = bytes;
    return true;
  }

  private static SaliencyMissingException closed() {
    return new SaliencyMissingException(Reason.MODEL_CLOSED, "the model was closed");
  }

  synchronized void close() {
    closed = true;
    ExplainedModel made = model;
    SaliencyMemory memory = reserved;
    if (made != null && memory != null) {
      model = null;
      made.close();
      memory.release(reservedBytes);
    }
  }
}
