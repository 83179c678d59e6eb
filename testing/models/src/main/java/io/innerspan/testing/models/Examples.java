package io.innerspan.testing.models;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes the inputs of one example, which belong together. */
final class Examples {
  private final SmallModel model;
  private final ExampleShape shape;

  Examples(SmallModel model, ExampleShape shape) {
    this.model = model;
    this.shape = shape;
  }

  ExampleTensor tensor(ModelInput input) {
    Map<String, Integer> symbols = shape.symbols();
    long[] dims = new long[input.dims().size()];
    int count = 1;
    for (int axis = 0; axis < dims.length; axis++) {
      String dim = input.dims().get(axis);
      Integer size = symbols.get(dim);
      dims[axis] = size == null ? Long.parseLong(dim) : size;
      count *= Math.toIntExact(dims[axis]);
    }
    if (input.role() == ModelInput.Role.TOKENS) {
      expect(input, 0, dims[0], shape.batch());
      if (!isSource(input)) {
        expect(input, 1, dims[1], symbols.getOrDefault(input.dims().get(1), shape.sequence()));
      }
    }
    Random random = new Random(shape.seed() * 31 + input.name().hashCode());
    ByteBuffer data =
        ByteBuffer.allocateDirect(count * bytes(input)).order(ByteOrder.nativeOrder());
    int columns = dims.length == 0 ? 1 : (int) dims[dims.length - 1];
    for (int i = 0; i < count; i++) {
      put(data, input, value(input, random, i / columns, i % columns, columns));
    }
    return new ExampleTensor(input.type(), dims, data.flip());
  }

  /** Whether an encoder takes it for a decoder, whose rows are those of the shape. */
  private boolean isSource(ModelInput input) {
    List<ModelInput> tokens =
        model.inputs().stream().filter(each -> each.role() == ModelInput.Role.TOKENS).toList();
    return !input.equals(tokens.get(tokens.size() - 1));
  }

  private void expect(ModelInput input, int axis, long fixed, int asked) {
    if (fixed != asked) {
      throw new IllegalArgumentException(
          model.name()
              + ", input "
              + input.name()
              + ", axis "
              + axis
              + ": expected "
              + fixed
              + " as in the model, found "
              + asked);
    }
  }

  private double value(ModelInput input, Random random, int row, int column, int columns) {
    return switch (input.role()) {
      case ONES -> 1;
      case NUMBERS, CACHE -> random.nextGaussian();
      case MASK -> row(row, columns).isReal(column) ? 1 : 0;
      // Id 0 begins a row; hand-built models rely on it.
      case TOKENS ->
          column == row(row, columns).first() ? 0 : 1 + random.nextInt(input.limit() - 1);
      case POSITIONS -> position(row, column, columns);
    };
  }

  /** Positions are those of the new tokens: those in the cache come before them. */
  private int position(int row, int column, int columns) {
    int past = model.hasCache() ? shape.past() : 0;
    Row real = row(row, columns + past);
    return Math.max(0, column + past - real.first());
  }

  /** The real tokens of a row: the same for all inputs whose rows are as long. */
  private Row row(int row, int columns) {
    Random random = new Random(shape.seed() * 1009 + row * 31L + columns);
    // Where earlier tokens are cached, the new ones are never padding alone: GroupQueryAttention
    // reads memory that is not its own when a row has fewer real tokens than are new.
    int least = model.hasCache() && shape.past() > 0 ? Math.min(columns, shape.sequence()) : 1;
    int length =
        shape.padding() == Padding.NONE ? columns : least + random.nextInt(columns - least + 1);
    int first =
        switch (shape.padding()) {
          case NONE, RIGHT -> 0;
          case LEFT -> columns - length;
          case BOTH -> random.nextInt(columns - length + 1);
        };
    return new Row(first, length);
  }

  private record Row(int first, int length) {
    boolean isReal(int column) {
      return column >= first && column < first + length;
    }
  }

  private static int bytes(ModelInput input) {
    return switch (input.type()) {
      case BOOL, INT8, UINT8 -> 1;
      case FLOAT16, BFLOAT16 -> 2;
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      default -> throw unsupported(input);
    };
  }

  private static void put(ByteBuffer data, ModelInput input, double value) {
    switch (input.type()) {
      case BOOL, INT8, UINT8 -> data.put((byte) value);
      case FLOAT16 -> data.putShort(Half.of((float) value));
      case INT32 -> data.putInt((int) value);
      case FLOAT -> data.putFloat((float) value);
      case INT64 -> data.putLong((long) value);
      case DOUBLE -> data.putDouble(value);
      default -> throw unsupported(input);
    }
  }

  private static IllegalArgumentException unsupported(ModelInput input) {
    return new IllegalArgumentException(
        "input " + input.name() + ": no examples of elements " + input.type());
  }
}
