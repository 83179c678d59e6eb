package io.innerspan.workbench.store;

import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsLimits;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.BatchInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A safetensors file with a tensor for each of a model's inputs: row i of all is input i. */
public final class TensorSource implements BatchSource {
  private static final SafetensorsLimits LIMITS =
      SafetensorsLimits.DEFAULT.withFileBytes(Integer.MAX_VALUE);

  private final Map<String, Tensor> tensors;
  private final long count;

  private TensorSource(Map<String, Tensor> tensors, long count) {
    this.tensors = tensors;
    this.count = count;
  }

  /**
   * Opens a file of less than 2 GiB; it is mapped, not loaded.
   *
   * @throws BadInput when it is none, or does not fit the model's inputs
   */
  public static TensorSource open(Path file, List<BatchInput> inputs) throws IOException {
    Map<String, Tensor> tensors = map(file).tensors();
    Set<String> expected = new TreeSet<>(inputs.stream().map(BatchInput::name).toList());
    if (!expected.equals(new TreeSet<>(tensors.keySet()))) {
      throw BadInput.in(
          file, "the model's inputs " + expected, "the tensors " + new TreeSet<>(tensors.keySet()));
    }
    long count = -1;
    for (BatchInput input : inputs) {
      Tensor tensor = tensors.get(input.name());
      if (tensor == null || !input.takes(tensor.dtype(), tensor.shape())) {
        throw BadInput.in(file, "'" + input.name() + "' as " + input.form(), "" + tensor);
      }
      if (count >= 0 && tensor.dim(0) != count) {
        throw BadInput.in(
            file, count + " rows of '" + input.name() + "', as of the others", "" + tensor.dim(0));
      }
      count = tensor.dim(0);
    }
    if (count < 1) {
      throw BadInput.in(file, "at least one row", "" + count);
    }
    return new TensorSource(tensors, count);
  }

  private static SafetensorsFile map(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(InputFile.existing(file))) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw BadInput.in(file, "less than 2 GiB (split the rows)", channel.size() + " bytes");
      }
      return SafetensorsReader.read(
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), file.toString(), LIMITS);
    } catch (SafetensorsException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public StoreText text(long item) {
    return new StoreText("row " + item, null);
  }

  @Override
  public Map<String, Tensor> batch(long[] items) {
    Map<String, Tensor> batch = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> batch.put(name, rows(tensor, items)));
    return batch;
  }

  private static Tensor rows(Tensor tensor, long[] items) {
    ByteBuffer all = tensor.data();
    int row = Math.toIntExact(all.remaining() / tensor.dim(0));
    ByteBuffer rows = ByteBuffer.allocate(Math.multiplyExact(row, items.length));
    for (long item : items) {
      rows.put(all.slice(Math.toIntExact(item * row), row));
    }
    long[] shape = tensor.shape();
    shape[0] = items.length;
    return new Tensor(tensor.dtype(), shape, rows.flip());
  }
}
