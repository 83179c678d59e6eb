package io.innerspan.onnxruntime.graft;

import java.nio.ByteBuffer;

/**
 * Tells by the declared inputs of a serialised model whether one of them may hold past keys and
 * values. Most models have none, and need not be parsed for that to be known.
 */
final class PastShapes {
  /** The fields of {@code onnx.proto} from the model to the shape of an input's tensor. */
  private static final int[] PATH = {7, 11, 2, 1, 2};

  private static final int INPUT = 2;
  private static final int TENSOR = 4;
  private static final int SHAPE = 5;

  /** In a tensor's type the elements' one, in a shape a dimension. */
  private static final int FIRST = 1;

  private final WireReader in;
  private long type;
  private int rank;
  private boolean found;

  private PastShapes(byte[] structure) {
    in = new WireReader(ByteBuffer.wrap(structure));
  }

  /**
   * Whether an input has the rank and the type of cached keys: four dimensions or five, and no
   * integers.
   *
   * @throws ModelRefusedException when the bytes are not of the Protocol Buffers format
   */
  static boolean any(byte[] structure) throws ModelRefusedException {
    PastShapes shapes = new PastShapes(structure);
    shapes.read(0);
    return shapes.found;
  }

  static boolean isPast(int rank, ElementType type) {
    return (rank == 4 || rank == 5) && !type.isInteger();
  }

  private void read(int depth) throws ModelRefusedException {
    while (!in.atEnd()) {
      int tag = in.tag();
      int field = tag >>> 3;
      boolean message = (tag & 7) == WireReader.LENGTH_DELIMITED;
      if (message && depth < SHAPE && field == PATH[depth]) {
        enter(depth + 1);
      } else if (depth == TENSOR && field == FIRST && (tag & 7) == WireReader.VARINT) {
        type = in.varint();
      } else {
        rank += depth == SHAPE && field == FIRST && message ? 1 : 0;
        in.skipValue(tag);
      }
    }
  }

  private void enter(int depth) throws ModelRefusedException {
    if (depth == INPUT) {
      rank = 0;
      type = 0;
    }
    int outer = in.enter(in.length());
    read(depth);
    in.leave(outer);
    found |= depth == INPUT && isPast(rank, ElementType.of((int) type));
  }
}
