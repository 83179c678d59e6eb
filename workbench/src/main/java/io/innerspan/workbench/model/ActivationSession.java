package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A session on a text model that gives activations until it is closed. Threads may run batches at
 * once; each batch is computed by one, so that the same batches give the same bits.
 */
public final class ActivationSession implements AutoCloseable {
  private final Path file;
  private final OrtModel model;
  private final ModelInputs inputs;
  private final List<String> outputs;
  private final boolean floats;
  private final int[] widths;
  private final Queue<ByteBuffer[]> free = new ConcurrentLinkedQueue<>();

  /**
   * @param floats whether every output is of 32-bit floats, which the runtime can leave in buffers
   *     of ours
   */
  ActivationSession(
      Path file, OrtModel model, ModelInputs inputs, List<String> outputs, boolean floats) {
    this.file = file;
    this.model = model;
    this.inputs = inputs;
    this.outputs = List.copyOf(outputs);
    this.floats = floats;
    this.widths = new int[outputs.size()];
  }

  /** Receives what the model holds inside. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one text's activations at one hook point.
     *
     * @param text the text's index in its batch
     * @param hookPoint the hook point's index
     * @param rows {@code [tokens, width]} row by row, 32-bit floats in little-endian order, without
     *     padding; valid during the call only
     */
    void take(int text, int hookPoint, ByteBuffer rows) throws IOException;
  }

  /**
   * The widths by hook point, found by running a text. To be called once, before {@link #run}.
   *
   * @param text of at least one token
   */
  public int[] measure(TokenIds text) {
    try {
      List<float[]> values = model.run(inputs.tensors(List.of(text)), outputs);
      for (int h = 0; h < widths.length; h++) {
        widths[h] = values.get(h).length / text.length();
      }
      return widths.clone();
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
  }

  /**
   * Runs one batch in the caller's thread.
   *
   * @param batch texts of at least one token
   */
  public void run(List<TokenIds> batch, Sink sink) throws IOException {
    int longest = batch.stream().mapToInt(TokenIds::length).max().orElse(0);
    ByteBuffer[] buffers = free.poll();
    buffers = buffers == null ? new ByteBuffer[widths.length] : buffers;
    for (int h = 0; h < widths.length; h++) {
      int bytes = Math.multiplyExact(batch.size() * longest, widths[h] * Float.BYTES);
      if (buffers[h] == null || buffers[h].capacity() < bytes) {
        buffers[h] = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      buffers[h].clear().limit(bytes);
    }
    fill(buffers, inputs.tensors(batch), batch.size(), longest);
    for (int row = 0; row < batch.size(); row++) {
      for (int h = 0; h < widths.length; h++) {
        int bytes = widths[h] * Float.BYTES;
        ByteBuffer rows = buffers[h].slice(row * longest * bytes, batch.get(row).length() * bytes);
        sink.take(row, h, rows.order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    free.add(buffers);
  }

  private void fill(ByteBuffer[] buffers, Map<String, Tensor> fed, int rows, int longest) {
    try {
      if (!floats || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
        List<float[]> values = model.run(fed, outputs);
        for (int h = 0; h < buffers.length; h++) {
          buffers[h].asFloatBuffer().put(values.get(h));
        }
        return;
      }
      Map<String, FloatBuffer> targets = new HashMap<>();
      Map<String, long[]> shapes = new HashMap<>();
      for (int h = 0; h < buffers.length; h++) {
        targets.put(outputs.get(h), buffers[h].asFloatBuffer());
        shapes.put(outputs.get(h), new long[] {rows, longest, widths[h]});
      }
      model.run(fed, targets, shapes);
      for (int h = 0; h < buffers.length; h++) {
        copyTwin(buffers, h);
      }
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
  }

  /** Two names of one tensor: the runtime has filled the last one's buffer. */
  private void copyTwin(ByteBuffer[] buffers, int h) {
    int filled = outputs.lastIndexOf(outputs.get(h));
    if (filled != h) {
      buffers[h].duplicate().put(buffers[filled].duplicate());
    }
  }

  @Override
  public void close() {
    try {
      model.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session that cannot be closed", e);
    }
  }
}
