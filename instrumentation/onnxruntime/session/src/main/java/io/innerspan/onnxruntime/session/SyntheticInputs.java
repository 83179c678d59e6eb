package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Made-up inputs for a model whose meaning is unknown, in the shapes its inputs declare and several
 * sizes of batch and sequence, the last row padded where there is a mask. Integers are drawn from
 * the golden inputs of the same name, so that token ids are ids of the model's vocabulary: an id
 * outside of it would have ONNX Runtime write errors to the application's log. Without golden
 * inputs they are 0 or 1.
 */
final class SyntheticInputs {
  /** Batch and sequence sizes: short, odd, several rows, long. */
  private static final int[][] SIZES = {{1, 8}, {2, 33}, {1, 128}};

  private final @Nullable String mask;
  private final Map<String, long[]> pools;
  private final Random random = new Random(20_260_701);

  private SyntheticInputs(@Nullable String mask, Map<String, long[]> pools) {
    this.mask = mask;
    this.pools = pools;
  }

  /** Inputs for a model, or none when it takes something else than plain numeric tensors. */
  static List<ModelInput> of(
      Collection<NodeInfo> inputs, @Nullable String mask, List<ModelInput> golden) {
    SyntheticInputs maker = new SyntheticInputs(mask, pools(golden));
    List<ModelInput> made = new ArrayList<>();
    for (int[] size : SIZES) {
      ModelInput input = maker.input(inputs, size[0], size[1]);
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
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        LongStream.Builder values = LongStream.builder();
        while (data.hasRemaining() && !tensor.type().equals("F32")) {
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

  private @Nullable ModelInput input(Collection<NodeInfo> inputs, int batch, int sequence) {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (NodeInfo info : inputs) {
      if (!(info.getInfo() instanceof TensorInfo tensor)) {
        return null;
      }
      ModelInput.Tensor made = tensor(info.getName(), tensor, batch, sequence);
      if (made == null) {
        return null;
      }
      tensors.add(made);
    }
    return new ModelInput(tensors);
  }

  private ModelInput.@Nullable Tensor tensor(
      String name, TensorInfo info, int batch, int sequence) {
    long[] shape = shape(info.getShape(), batch, sequence);
    int count = 1;
    for (long dimension : shape) {
      count = Math.multiplyExact(count, Math.toIntExact(dimension));
    }
    OnnxJavaType type = info.type;
    if (type == OnnxJavaType.FLOAT) {
      ByteBuffer data = allocate(4L * count);
      for (int i = 0; i < count; i++) {
        data.putFloat((float) random.nextGaussian());
      }
      return new ModelInput.Tensor(name, "F32", shape, data.flip());
    }
    if (type != OnnxJavaType.INT64 && type != OnnxJavaType.INT32) {
      return null;
    }
    boolean wide = type == OnnxJavaType.INT64;
    ByteBuffer data = allocate((wide ? 8L : 4L) * count);
    for (int i = 0; i < count; i++) {
      long value = value(name, i, batch, sequence);
      if (wide) {
        data.putLong(value);
      } else {
        data.putInt((int) value);
      }
    }
    return new ModelInput.Tensor(name, wide ? "I64" : "I32", shape, data.flip());
  }

  private long value(String name, int index, int batch, int sequence) {
    if (name.equals(mask)) {
      boolean lastRow = batch > 1 && index / sequence == batch - 1;
      return lastRow && index % sequence >= sequence / 2 ? 0 : 1;
    }
    long[] pool = pools.get(name);
    return pool == null || pool.length == 0 ? random.nextInt(2) : pool[random.nextInt(pool.length)];
  }

  private static long[] shape(long[] declared, int batch, int sequence) {
    long[] shape = declared.clone();
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0) {
        shape[i] = i == 0 ? batch : sequence;
      }
    }
    return shape;
  }

  private static ByteBuffer allocate(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
