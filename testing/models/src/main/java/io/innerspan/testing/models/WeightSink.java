package io.innerspan.testing.models;

import com.google.protobuf.CodedOutputStream;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes weights to a file as they are made, so that no more than one block of them is in memory.
 * They repeat one block of seeded, normally distributed numbers.
 */
final class WeightSink {
  private static final int BLOCK = 1 << 18;
  private static final int WIRE_BYTES = 2;
  private final float[] numbers = new float[BLOCK];
  private final OutputStream out;
  private final @Nullable String location;
  private long written;

  /**
   * @param location the name of the file of external data that is written, or null for a model's
   *     own file
   */
  WeightSink(OutputStream out, @Nullable String location) {
    this.out = out;
    this.location = location;
    Random random = new Random(1);
    for (int i = 0; i < BLOCK; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
  }

  /** How many bytes of weights were written. */
  long written() {
    return written;
  }

  /** Writes the weights of a tensor, and returns whether the graph has to refer to them. */
  boolean take(TensorProto.Builder tensor, float deviation) {
    long count = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
    try {
      if (location == null) {
        header(tensor.build(), count * Float.BYTES);
      } else {
        Transforms.refer(tensor, location, written, count * Float.BYTES);
      }
      numbers(count, deviation);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return location != null;
  }

  /**
   * What comes before the raw data of an initializer in a model of its own: serialised messages
   * that follow one another are read as one.
   */
  private void header(TensorProto tensor, long bytes) throws IOException {
    int raw =
        CodedOutputStream.computeTagSize(TensorProto.RAW_DATA_FIELD_NUMBER)
            + CodedOutputStream.computeUInt64SizeNoTag(bytes);
    long initializer = tensor.getSerializedSize() + raw + bytes;
    long graph =
        CodedOutputStream.computeTagSize(GraphProto.INITIALIZER_FIELD_NUMBER)
            + CodedOutputStream.computeUInt64SizeNoTag(initializer)
            + initializer;
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    coded.writeTag(ModelProto.GRAPH_FIELD_NUMBER, WIRE_BYTES);
    coded.writeUInt64NoTag(graph);
    coded.writeTag(GraphProto.INITIALIZER_FIELD_NUMBER, WIRE_BYTES);
    coded.writeUInt64NoTag(initializer);
    tensor.writeTo(coded);
    coded.writeTag(TensorProto.RAW_DATA_FIELD_NUMBER, WIRE_BYTES);
    coded.writeUInt64NoTag(bytes);
    coded.flush();
  }

  private void numbers(long count, float deviation) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      block.putFloat(number * deviation);
    }
    for (long left = count; left > 0; left -= BLOCK) {
      out.write(block.array(), 0, (int) Math.min(left, BLOCK) * Float.BYTES);
    }
    written += count * Float.BYTES;
  }
}
