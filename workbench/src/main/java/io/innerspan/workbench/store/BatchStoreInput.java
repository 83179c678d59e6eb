package io.innerspan.workbench.store;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.Activation;
import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.BatchInput;
import io.innerspan.workbench.model.BatchModel;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tensors for a model of any engine. Each input gives a row for each of its positions; those that
 * an attention mask leaves out have none. A row's id is its position.
 */
public final class BatchStoreInput implements StoreInput {
  private final Path file;
  private final BatchModel model;
  private final BatchSource source;
  private final int batchSize;
  private final boolean full;
  private final List<HookPoint> hookPoints;
  private int[] widths = {};
  private int positions;
  private boolean masked;

  /**
   * Runs the first input, from which it is known what all of them give.
   *
   * @param file the model's, for messages
   * @param model stays the caller's to close
   * @param batchSize how many inputs are run together, unless the model is fixed to another number
   */
  public BatchStoreInput(
      Path file, BatchModel model, BatchSource source, int batchSize, List<HookPoint> hookPoints)
      throws IOException {
    this.file = file;
    this.model = model;
    this.source = source;
    this.hookPoints = hookPoints;
    long fixed = model.inputs().stream().mapToLong(BatchInput::rows).max().orElse(-1);
    this.full = fixed > 0;
    this.batchSize = full ? Math.toIntExact(fixed) : batchSize;
    measure();
  }

  /** How many inputs are run together. */
  public int batchSize() {
    return batchSize;
  }

  private void measure() throws IOException {
    long[] first = new long[full ? batchSize : 1];
    Map<String, Tensor> batch = source.batch(first);
    List<Activation> activations = model.run(batch);
    widths = activations.stream().mapToInt(Activation::width).toArray();
    positions = activations.get(0).positions();
    for (int h = 1; h < widths.length; h++) {
      if (activations.get(h).positions() != positions) {
        throw BadInput.in(
            file,
            "hook points with as many positions as '" + hookPoints.get(0) + "': " + positions,
            activations.get(h).positions()
                + " at '"
                + hookPoints.get(h)
                + "' (capture it into a store of its own)");
      }
    }
    String mask = model.mask();
    Tensor real = mask == null ? null : batch.get(mask);
    masked =
        real != null
            && activations.get(0).layout() == Activation.Layout.TOKENS
            && real.rank() == 2
            && real.dim(1) == positions;
  }

  @Override
  public ItemSource items() {
    return new ItemSource() {
      private long next;

      @Override
      public @Nullable StoreItem next() throws IOException {
        if (next == source.count()) {
          return null;
        }
        long number = next++;
        return new StoreItem(number, source.text(number), tokens(number));
      }

      @Override
      public void skip(long items) {
        next = Math.min(source.count(), next + items);
      }

      @Override
      public void close() {}
    };
  }

  private TokenIds tokens(long number) throws IOException {
    int[] chosen = chosen(number);
    long[] ids = Arrays.stream(chosen).asLongStream().toArray();
    int rows = chosen.length;
    return new TokenIds(ids, new long[rows], new boolean[rows], new int[rows], new int[rows]);
  }

  private int[] chosen(long number) throws IOException {
    if (!masked) {
      return IntStream.range(0, positions).toArray();
    }
    Tensor mask = source.batch(new long[] {number}).get(String.valueOf(model.mask()));
    if (mask == null) {
      throw new IllegalStateException("a mask that was there is gone");
    }
    double[] real = doubles(mask);
    return IntStream.range(0, positions).filter(position -> real[position] != 0).toArray();
  }

  private static double[] doubles(Tensor tensor) {
    if (tensor.dtype().isFloat()) {
      float[] values = tensor.toFloats();
      return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
    return Arrays.stream(tensor.toLongs()).asDoubleStream().toArray();
  }

  @Override
  public ActivationRunner runner() {
    return new ActivationRunner() {
      @Override
      public int[] widths() {
        return widths.clone();
      }

      @Override
      public List<List<Integer>> batches(List<StoreItem> items) {
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += batchSize) {
          int to = Math.min(items.size(), from + batchSize);
          batches.add(IntStream.range(from, to).boxed().toList());
        }
        return batches;
      }

      @Override
      public void run(List<StoreItem> batch, ActivationSession.Sink sink) throws IOException {
        BatchStoreInput.this.run(batch, sink);
      }

      @Override
      public void close() {}
    };
  }

  private void run(List<StoreItem> batch, ActivationSession.Sink sink) throws IOException {
    // A model that is fixed to a number of rows gets the last input again, and its rows are
    // dropped.
    int rows = full ? batchSize : batch.size();
    long[] numbers = new long[rows];
    for (int i = 0; i < rows; i++) {
      numbers[i] = batch.get(Math.min(i, batch.size() - 1)).number();
    }
    List<Activation> activations = model.run(source.batch(numbers));
    for (int h = 0; h < widths.length; h++) {
      Activation activation = activations.get(h);
      if (activation.positions() != positions || activation.values().dim(0) != rows) {
        throw BadInput.in(
            file,
            "as many positions of each input at '" + hookPoints.get(h) + "': " + positions,
            activation.values() + " in or after input " + (numbers[0] + 1));
      }
      for (int i = 0; i < batch.size(); i++) {
        long[] ids = batch.get(i).tokens().ids();
        sink.take(i, h, activation.rows(i, Arrays.stream(ids).mapToInt(id -> (int) id).toArray()));
      }
    }
  }
}
