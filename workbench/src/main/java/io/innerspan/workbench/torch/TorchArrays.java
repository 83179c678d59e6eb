package io.innerspan.workbench.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.Activation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tensors to arrays of DJL, and back.
 *
 * @param file the model's, for messages
 */
record TorchArrays(Path file) {
  /** A tensor on the engine. */
  NDArray array(Tensor tensor, NDManager manager) {
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().remaining()).order(ByteOrder.nativeOrder());
    data.put(tensor.data()).flip();
    return manager.create(data, new Shape(tensor.shape()), type(tensor.dtype()));
  }

  private DataType type(DType dtype) {
    return switch (dtype) {
      case F32 -> DataType.FLOAT32;
      case F64 -> DataType.FLOAT64;
      case F16 -> DataType.FLOAT16;
      case I64 -> DataType.INT64;
      case I32 -> DataType.INT32;
      case I8 -> DataType.INT8;
      case U8 -> DataType.UINT8;
      case BOOL -> DataType.BOOLEAN;
      default -> throw BadInput.in(file, "inputs of floats, integers or booleans", "" + dtype);
    };
  }

  /**
   * What was read at hook points.
   *
   * @param found gives an array of 32-bit floats, or null when nothing was read there
   */
  List<Activation> activations(
      List<HookPoint> hookPoints, Function<HookPoint, @Nullable NDArray> found) {
    return hookPoints.stream().map(each -> activation(each, found.apply(each))).toList();
  }

  /**
   * What was read at a hook point.
   *
   * @param array of 32-bit floats, or null when nothing was
   */
  private Activation activation(HookPoint hookPoint, @Nullable NDArray array) {
    long[] shape = array == null ? new long[0] : array.getShape().getShape();
    if (array == null || shape.length < 2) {
      throw BadInput.in(
          file,
          "an activation [batch, width], [batch, tokens, width] or [batch, channels, height, width]"
              + " at '"
              + hookPoint
              + "'",
          array == null ? "no call of it" : array.getShape().toString());
    }
    ByteBuffer values = array.toByteBuffer().order(ByteOrder.nativeOrder());
    Tensor tensor = Tensor.ofFloats(values.asFloatBuffer(), shape);
    Activation.Layout layout =
        switch (shape.length) {
          case 2 -> Activation.Layout.ROWS;
          case 3 -> Activation.Layout.TOKENS;
          default -> Activation.Layout.CHANNELS;
        };
    return new Activation(tensor, layout);
  }
}
