package io.innerspan.workbench.store;

import io.innerspan.workbench.data.BadInput;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/** A window that the model works on, and the shards that it fills. */
final class RunningWindow implements Closeable {
  /** Begins a shard. */
  @FunctionalInterface
  interface Opener {
    ShardFile open(int number, List<StoreItem> items) throws IOException;
  }

  /** Where an input's activations go. */
  private record Place(ShardFile shard, int item) {}

  private final List<ShardFile> shards = new ArrayList<>();
  private final List<StoreItem> items = new ArrayList<>();
  private final List<Place> places = new ArrayList<>();
  private final List<Future<?>> batches = new ArrayList<>();
  private final Path data;

  private RunningWindow(Path data) {
    this.data = data;
  }

  /**
   * Begins a window.
   *
   * @param window the inputs of each shard
   * @param first the number of the first shard
   * @param data what to name when an activation is no number
   */
  static RunningWindow begin(
      List<List<StoreItem>> window,
      int first,
      Opener opener,
      ActivationRunner runner,
      BatchPool pool,
      Path data)
      throws IOException {
    RunningWindow running = new RunningWindow(data);
    try {
      for (List<StoreItem> inputs : window) {
        running.add(opener.open(first + running.shards.size(), inputs), inputs);
      }
      running.start(runner, pool);
      return running;
    } catch (IOException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private void add(ShardFile shard, List<StoreItem> inputs) {
    shards.add(shard);
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).tokens().length() > 0) {
        items.add(inputs.get(i));
        places.add(new Place(shard, i));
      }
    }
  }

  private void start(ActivationRunner runner, BatchPool pool) {
    for (List<Integer> batch : runner.batches(items)) {
      List<StoreItem> rows = batch.stream().map(items::get).toList();
      batches.add(
          pool.start(
              () ->
                  runner.run(
                      rows, (row, hookPoint, values) -> take(batch.get(row), hookPoint, values))));
    }
  }

  private void take(int item, int hookPoint, ByteBuffer values) throws IOException {
    if (!Finite.all(values)) {
      throw BadInput.in(
          data,
          "texts whose activations are finite",
          Finite.first(values)
              + " at '"
              + places.get(item).shard().hookPoint(hookPoint)
              + "' in text "
              + (items.get(item).number() + 1));
    }
    places.get(item).shard().write(places.get(item).item(), hookPoint, values);
  }

  /** The number of shards. */
  int shards() {
    return shards.size();
  }

  /** Waits for the model, and finishes the shards. */
  List<ShardInfo> finish() throws IOException {
    try (this) {
      for (Future<?> batch : batches) {
        BatchPool.await(batch);
      }
      List<ShardInfo> finished = new ArrayList<>();
      for (ShardFile shard : shards) {
        finished.add(shard.finish());
      }
      return finished;
    }
  }

  @Override
  public void close() throws IOException {
    for (ShardFile shard : shards) {
      shard.close();
    }
  }
}
