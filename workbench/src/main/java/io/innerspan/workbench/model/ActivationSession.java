package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A session on a text model that gives activations until it is closed; one thread for each batch,
 * so that the same batches give the same bits.
 */
public final class ActivationSession implements AutoCloseable {
  private final Path file;
  private final OrtModel model;
  private final ModelInputs inputs;
  private final List<String> outputs;

  ActivationSession(Path file, OrtModel model, ModelInputs inputs, List<String> outputs) {
    this.file = file;
    this.model = model;
    this.inputs = inputs;
    this.outputs = List.copyOf(outputs);
  }

  /** Receives what the model holds inside for one text. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Called once per text, in no particular order.
     *
     * @param text the text's index among those given
     * @param activations by hook point, {@code [tokens, width]} row by row, without padding
     */
    void visit(int text, List<float[]> activations) throws IOException;
  }

  /**
   * Runs texts, batched by length, and shows the visitor one text after the other. A few batches
   * are in memory at once.
   */
  public void visit(List<TokenIds> texts, Visitor visitor) throws IOException {
    List<List<Integer>> batches = Batches.byLength(texts);
    try {
      Ahead.run(
          batches.size(),
          batches.size(),
          number -> model.run(inputs.tensors(rows(texts, batches.get(number))), outputs),
          (number, values) -> show(texts, batches.get(number), values, visitor));
    } catch (OrtException e) {
      throw OrtFailure.of(file, e);
    }
  }

  private static List<TokenIds> rows(List<TokenIds> texts, List<Integer> batch) {
    return batch.stream().map(texts::get).toList();
  }

  private static void show(
      List<TokenIds> texts, List<Integer> batch, List<float[]> values, Visitor visitor)
      throws IOException {
    int longest = texts.get(batch.get(0)).length();
    for (int row = 0; row < batch.size(); row++) {
      int tokens = texts.get(batch.get(row)).length();
      List<float[]> activations = new ArrayList<>(values.size());
      for (float[] value : values) {
        int width = value.length / (batch.size() * longest);
        int from = row * longest * width;
        activations.add(Arrays.copyOfRange(value, from, from + tokens * width));
      }
      visitor.visit(batch.get(row), activations);
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
