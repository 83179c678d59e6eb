package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.TensorInfo;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Made-up inputs for a model whose meaning is unknown, in the shapes its inputs declare and several
 * sizes of batch and sequence, the last row padded where there is a mask; for a decoder with a
 * cache, also without cached tokens and with some. Integers are drawn from the golden inputs of the
 * same name, so that token ids are ids of the model's vocabulary: an id outside of it would have
 * ONNX Runtime write errors to the application's log. Without golden inputs they are 0 or 1.
 */
final class SyntheticInputs {
  /** Rows, new tokens and cached tokens. */
  private record Size(int batch, int tokens, int past) {}

  /** Short, odd, several rows, long. */
  private static final List<Size> SIZES =
      List.of(new Size(1, 8, 0), new Size(2, 33, 0), new Size(1, 128, 0));

  /** How a text begins, how it goes on, and several tokens at once that go on with one. */
  private static final List<Size> SIZES_WITH_CACHE =
      List.of(
          new Size(1, 8, 0),
          new Size(2, 33, 0),
          new Size(1, 1, 24),
          new Size(2, 1, 9),
          new Size(1, 4, 17));

  /** Tokens that another model made what this one attends to. */
  private static final int MEMORY = 11;

  private final @Nullable String mask;
  private final Map<String, List<String>> sizes;
  private final boolean cached;
  private final Map<String, long[]> pools;
  private final Random random = new Random(20_260_701);

  private SyntheticInputs(
      @Nullable String mask, Map<String, List<String>> sizes, Map<String, long[]> pools) {
    this.mask = mask;
    this.sizes = sizes;
    this.cached = sizes.values().stream().anyMatch(dims -> dims.contains("past"));
    this.pools = pools;
  }

  /**
   * Inputs for a model, or none when it takes something else than plain tensors of numbers and
   * booleans.
   *
   * @param sizes what the sizes of the inputs mean, as far as that is known
   */
  static List<ModelInput> of(
      Collection<NodeInfo> inputs,
      @Nullable String mask,
      Map<String, List<String>> sizes,
      List<ModelInput> golden) {
    SyntheticInputs maker = new SyntheticInputs(mask, sizes, pools(golden));
    List<ModelInput> made = new ArrayList<>();
    for (Size size : maker.cached ? SIZES_WITH_CACHE : SIZES) {
      ModelInput input = maker.input(inputs, size);
      if (input == null) {
        return List.of();
      }
      made.add(input);
    }
    return made;
  }

  private static Map<String, long[]> pools(List<ModelInput> golden) {
    Map<String, long[]> pools = new HashMap<>();
    for (ModelInput input : golden) {
      for (ModelInput.Tensor tensor : input.tensors()) {
        if (!tensor.type().equals("I64") && !tensor.type().equals("I32")) {
          continue;
        }
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        LongStream.Builder values = LongStream.builder();
        while (data.hasRemaining()) {
          values.add(tensor.type().equals("I64") ? data.getLong() : data.getInt());
        }
        pools.merge(
            tensor.name(),
            values.build().toArray(),
            (a, b) -> LongStream.concat(LongStream.of(a), LongStream.of(b)).toArray());
      }
    }
    return pools;
  }

  private @Nullable ModelInput input(Collection<NodeInfo> inputs, Size size) {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (NodeInfo info : inputs) {
      if (!(info.getInfo() instanceof TensorInfo tensor)) {
        return null;
      }
      ModelInput.Tensor made = tensor(info.getName(), tensor, size);
      if (made == null) {
        return null;
      }
      tensors.add(made);
    }
    return new ModelInput(tensors);
  }

  private ModelInput.@Nullable Tensor tensor(String name, TensorInfo info, Size size) {
    String type = InputCopy.name(info.type);
    if (type == null) {
      return null;
    }
    long[] shape = shape(name, info.getShape(), size);
    int count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, Math.toIntExact(dimension));
    }
    int columns = shape.length == 0 ? 1 : (int) shape[shape.length - 1];
    ByteBuffer data = allocate((long) info.type.size * count);
    for (int i = 0; i < count; i++) {
      if (isMask(name)) {
        put(data, type, isReal(name, i, columns, size) ? 1 : 0);
      } else {
        put(data, type, value(name, type, size));
      }
    }
    return new ModelInput.Tensor(name, type, shape, data.flip());
  }

  private boolean isMask(String name) {
    return name.equals(mask) || name.toLowerCase(Locale.ROOT).contains("mask");
  }

  /**
   * The last row is padded, where tokens are cached before the first of these: in rows with fewer
   * real tokens than new ones, some of ONNX Runtime's operators read memory that is not theirs.
   */
  private boolean isReal(String name, int index, int columns, Size size) {
    if (size.batch() < 2 || columns == 0 || index / columns % size.batch() != size.batch() - 1) {
      return true;
    }
    int column = index % columns;
    boolean ofMemory = sizes.getOrDefault(name, List.of()).contains("memory");
    return cached && !ofMemory ? column >= size.past() / 2 : column < columns / 2;
  }

  private double value(String name, String type, Size size) {
    if (type.equals("BOOL")) {
      // Of exports that hold both ways of a decoder, which of them is to be taken.
      return name.equals("use_cache_branch") && size.past() == 0 ? 0 : 1;
    }
    if (type.startsWith("F") || type.equals("BF16")) {
      return random.nextGaussian();
    }
    long[] pool = pools.get(name);
    return pool == null || pool.length == 0 ? random.nextInt(2) : pool[random.nextInt(pool.length)];
  }

  private static void put(ByteBuffer data, String type, double value) {
    switch (type) {
      case "F64" -> data.putDouble(value);
      case "F32" -> data.putFloat((float) value);
      case "F16" -> data.putShort(half((float) value));
      case "BF16" -> data.putShort((short) (Float.floatToIntBits((float) value) >>> 16));
      case "I64" -> data.putLong((long) value);
      case "I32" -> data.putInt((int) value);
      case "I16" -> data.putShort((short) value);
      default -> data.put((byte) value);
    }
  }

  /** Rounded towards zero; 0 where it is too small for a normal number, finite where too large. */
  static short half(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int exponent = (bits >>> 23 & 0xff) - 127 + 15;
    if (exponent <= 0) {
      return (short) sign;
    }
    return (short) (sign | (exponent > 30 ? 0x7bff : exponent << 10 | bits >>> 13 & 0x3ff));
  }

  private long[] shape(String name, long[] declared, Size size) {
    List<String> meanings = sizes.getOrDefault(name, List.of());
    long[] shape = declared.clone();
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        String fallback = i == 0 ? "batch" : "tokens";
        shape[i] = size(meanings.size() == shape.length ? meanings.get(i) : fallback, size);
      }
    }
    return shape;
  }

  private static long size(String meaning, Size size) {
    long sum = 0;
    for (String part : meaning.split("[+]", 2)) {
      sum +=
          switch (part) {
            case "batch" -> size.batch();
            case "tokens" -> size.tokens();
            case "past" -> size.past();
            case "memory" -> MEMORY;
            default -> Long.parseLong(part);
          };
    }
    return sum;
  }

  private static ByteBuffer allocate(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
