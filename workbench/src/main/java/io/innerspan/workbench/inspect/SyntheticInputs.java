package io.innerspan.workbench.inspect;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.Dimension;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Made-up inputs of one row: dimensions that the model fixes as they are, sequences of a given
 * length, images of 3 times 224 times 224, an empty cache.
 */
final class SyntheticInputs {
  private static final int IMAGE = 224;
  private static final int CHANNELS = 3;
  private static final float SCALE = 0.1f;

  /** Ids that even a small vocabulary has. */
  private static final int IDS = 8;

  private final OnnxModel model;
  private final int tokens;
  private final Random random = new Random(1);

  /**
   * @param tokens the length of sequences where the model does not fix it
   */
  SyntheticInputs(OnnxModel model, int tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  /**
   * The tensors by name; the caller closes them.
   *
   * @throws OrtException when an input has a shape or type for which nothing can be made up
   */
  Map<String, OnnxTensor> make() throws OrtException {
    Map<String, OnnxTensor> made = new LinkedHashMap<>();
    try {
      for (TensorInfo input : model.inputs()) {
        made.put(input.name(), tensor(input));
      }
      return made;
    } catch (OrtException | RuntimeException e) {
      made.values().forEach(OnnxTensor::close);
      throw e;
    }
  }

  private OnnxTensor tensor(TensorInfo input) throws OrtException {
    OnnxJavaType type = type(input);
    long[] shape = shape(input);
    int count = 1;
    for (long size : shape) {
      count = Math.multiplyExact(count, Math.toIntExact(size));
    }
    ByteBuffer data =
        ByteBuffer.allocateDirect(Math.multiplyExact(count, type.size))
            .order(ByteOrder.nativeOrder());
    int columns = shape.length == 0 ? 1 : (int) Math.max(1, shape[shape.length - 1]);
    for (int i = 0; i < count; i++) {
      put(data, type, input, i % columns);
    }
    return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), data.flip(), shape, type);
  }

  private static OnnxJavaType type(TensorInfo input) throws OrtException {
    return switch (input.type()) {
      case INT64 -> OnnxJavaType.INT64;
      case INT32 -> OnnxJavaType.INT32;
      case BOOL -> OnnxJavaType.BOOL;
      case FLOAT -> OnnxJavaType.FLOAT;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      default -> throw cannot(input, "its type is " + input.type().name().toLowerCase(Locale.ROOT));
    };
  }

  private long[] shape(TensorInfo input) throws OrtException {
    List<Dimension> dimensions = input.shape();
    if (dimensions == null) {
      throw cannot(input, "its shape is unknown");
    }
    long[] shape = new long[dimensions.size()];
    for (int axis = 0; axis < shape.length; axis++) {
      Dimension dimension = dimensions.get(axis);
      shape[axis] = dimension.isFixed() ? dimension.size() : free(input, axis, shape.length);
    }
    return shape;
  }

  private long free(TensorInfo input, int axis, int rank) {
    KvCache cache = model.cache();
    boolean cached =
        cache != null
            && cache.pastInputs().stream().anyMatch(past -> past.name().equals(input.name()));
    if (cached && cache != null && axis == cache.lengthAxis()) {
      return 0;
    }
    if (axis == 0) {
      return 1;
    }
    if (rank == 4) {
      return axis == 1 ? CHANNELS : IMAGE;
    }
    return tokens;
  }

  private void put(ByteBuffer data, OnnxJavaType type, TensorInfo input, int column) {
    switch (type) {
      case INT64 -> data.putLong(integer(input.name(), column));
      case INT32 -> data.putInt((int) integer(input.name(), column));
      case BOOL -> data.put((byte) 1);
      case FLOAT -> data.putFloat(number(input.name()));
      case DOUBLE -> data.putDouble(number(input.name()));
      // One, or zero: in half precision 0x3C00 is 1.
      default -> data.putShort((short) (isMask(input.name()) ? 0x3C00 : 0));
    }
  }

  private long integer(String name, int column) {
    if (isMask(name)) {
      return 1;
    }
    if (name.contains("position")) {
      return column % IDS;
    }
    return name.contains("type") ? 0 : 1 + random.nextInt(IDS);
  }

  private float number(String name) {
    return isMask(name) ? 1 : (float) random.nextGaussian() * SCALE;
  }

  private boolean isMask(String name) {
    return name.equals(model.maskInput()) || name.contains("mask");
  }

  private static OrtException cannot(TensorInfo input, String why) {
    return new OrtException("no value can be made up for the input " + input.name() + ": " + why);
  }
}
