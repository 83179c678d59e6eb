package io.innerspan.onnxruntime.session;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Made-up inputs for a model whose meaning is unknown: seeded values in the shapes its inputs
 * declare, in several sizes of batch and sequence, the last rows padded where there is a mask. Some
 * may be unfit for the model; the original decides that.
 */
final class SyntheticInputs {
  /** Batch and sequence sizes: short, odd, several rows, long. */
  private static final int[][] SIZES = {{1, 8}, {2, 33}, {1, 128}};

  /** Token ids below these bounds: few models have a smaller vocabulary; flags are 0 or 1. */
  private static final int[] ID_BOUNDS = {100, 2};

  private static final Pattern TOKEN_TYPE = Pattern.compile("(?i).*(token_?type|segment).*");

  private final @Nullable String mask;
  private final Random random = new Random(20_260_701);

  private SyntheticInputs(@Nullable String mask) {
    this.mask = mask;
  }

  /** Inputs for a model, or none when it takes something else than plain numeric tensors. */
  static List<ModelInput> of(Collection<NodeInfo> inputs, @Nullable String mask) {
    SyntheticInputs maker = new SyntheticInputs(mask);
    List<ModelInput> made = new ArrayList<>();
    for (int[] size : SIZES) {
      for (int bound : ID_BOUNDS) {
        ModelInput input = maker.input(inputs, size[0], size[1], bound);
        if (input == null) {
          return List.of();
        }
        made.add(input);
      }
    }
    return made;
  }

  private @Nullable ModelInput input(
      Collection<NodeInfo> inputs, int batch, int sequence, int bound) {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (NodeInfo info : inputs) {
      if (!(info.getInfo() instanceof TensorInfo tensor)) {
        return null;
      }
      ModelInput.Tensor made = tensor(info.getName(), tensor, batch, sequence, bound);
      if (made == null) {
        return null;
      }
      tensors.add(made);
    }
    return new ModelInput(tensors);
  }

  private ModelInput.@Nullable Tensor tensor(
      String name, TensorInfo info, int batch, int sequence, int bound) {
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
      int value = value(name, i, batch, sequence, bound);
      if (wide) {
        data.putLong(value);
      } else {
        data.putInt(value);
      }
    }
    return new ModelInput.Tensor(name, wide ? "I64" : "I32", shape, data.flip());
  }

  private int value(String name, int index, int batch, int sequence, int bound) {
    if (name.equals(mask)) {
      boolean lastRow = batch > 1 && index / sequence == batch - 1;
      return lastRow && index % sequence >= sequence / 2 ? 0 : 1;
    }
    return TOKEN_TYPE.matcher(name).matches() ? 0 : random.nextInt(bound);
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
