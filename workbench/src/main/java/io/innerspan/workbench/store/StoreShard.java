package io.innerspan.workbench.store;

import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsLimits;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** One shard, mapped: its activations take no heap. */
final class StoreShard {
  static final String SPLITS = "row_splits";
  static final String IDS = "input_ids";
  static final String OFFSETS = "token_offsets";
  static final String ATTENTION = "attention_mask";
  static final String SPECIAL = "special_tokens_mask";
  private static final SafetensorsLimits LIMITS =
      SafetensorsLimits.DEFAULT.withFileBytes(Integer.MAX_VALUE);

  private final Path file;
  private final SafetensorsFile contents;
  private final long[] splits;

  private StoreShard(Path file, SafetensorsFile contents) {
    this.file = file;
    this.contents = contents;
    this.splits = tensor(SPLITS).toLongs();
  }

  static StoreShard open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return new StoreShard(
          file,
          SafetensorsReader.read(
              channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()),
              file.toString(),
              LIMITS));
    } catch (SafetensorsException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /** Text i's tokens are the rows from {@code splits[i]} to {@code splits[i + 1]}. */
  long[] splits() {
    return splits;
  }

  long[] ids() {
    return tensor(IDS).toLongs();
  }

  long[] special() {
    return tensor(SPECIAL).toLongs();
  }

  /** Begin and end of each token in its text, {@code [tokens, 2]}. */
  long[] offsets() {
    return tensor(OFFSETS).toLongs();
  }

  FloatBuffer activations(String hookPoint, int width) {
    Tensor tensor = tensor(hookPoint);
    boolean empty = tensor.elements() == 0;
    if (tensor.rank() != 2 || (tensor.dim(1) != width && !empty)) {
      throw BadInput.in(file, "'" + hookPoint + "' of width " + width, tensor.toString());
    }
    return tensor.data().asFloatBuffer();
  }

  private Tensor tensor(String name) {
    Tensor tensor = contents.tensors().get(name);
    if (tensor == null) {
      throw BadInput.in(file, "a tensor '" + name + "'", "" + contents.tensors().keySet());
    }
    return tensor;
  }
}
