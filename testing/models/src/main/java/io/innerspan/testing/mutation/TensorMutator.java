package io.innerspan.testing.mutation;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.util.Random;

/** Damages an initializer: its type, its sizes, its data and where they lie. */
final class TensorMutator {
  private static final long[] SIZES = {
    -1,
    0,
    1,
    2,
    3,
    7,
    8,
    16,
    17,
    1L << 20,
    Integer.MAX_VALUE,
    1L << 32,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final Random random;

  TensorMutator(Random random) {
    this.random = random;
  }

  static long size(Random random) {
    return SIZES[random.nextInt(SIZES.length)];
  }

  void mutate(TensorProto.Builder tensor) {
    switch (random.nextInt(14)) {
      case 0 -> tensor.setDataType(random.nextInt(24));
      case 1 -> tensor.addDims(size(random));
      case 2 -> tensor.clearDims();
      case 3 -> {
        if (tensor.getDimsCount() > 0) {
          tensor.setDims(random.nextInt(tensor.getDimsCount()), size(random));
        }
      }
      case 4 -> {
        if (tensor.getDimsCount() > 1) {
          long first = tensor.getDims(0);
          tensor.setDims(0, tensor.getDims(1)).setDims(1, first);
        }
      }
      case 5 -> tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
      case 6 ->
          tensor
              .addExternalDataBuilder()
              .setKey(random.nextBoolean() ? "location" : "offset")
              .setValue(random.nextBoolean() ? "../outside" : Long.toString(size(random)));
      case 7 -> tensor.addFloatData(random.nextFloat());
      default -> data(tensor);
    }
  }

  private void data(TensorProto.Builder tensor) {
    byte[] raw = tensor.getRawData().toByteArray();
    if (raw.length == 0) {
      tensor.addInt64Data(size(random));
    } else if (random.nextInt(4) == 0) {
      tensor.setRawData(tensor.getRawData().substring(0, random.nextInt(raw.length)));
    } else {
      raw[random.nextInt(raw.length)] = (byte) random.nextInt();
      tensor.setRawData(ByteString.copyFrom(raw));
    }
  }
}
