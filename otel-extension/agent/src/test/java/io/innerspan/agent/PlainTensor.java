package io.innerspan.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tensor as an application without Protocol Buffers reads it.
 *
 * @param type as ONNX Runtime's Java API calls it
 * @param bytes the elements, little-endian; empty for texts
 * @param texts the elements of a tensor of texts
 */
record PlainTensor(
    String name, String type, List<Long> shape, byte[] bytes, List<ByteString> texts) {
  private static final int STRING_DATA = 6;
  private static final int DOUBLE_DATA = 10;

  /** Null for a type that the Java API does not take. */
  static @Nullable PlainTensor of(String name, TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    if (type == null) {
      return null;
    }
    UnknownFieldSet others = tensor.getUnknownFields();
    return switch (type) {
      case STRING ->
          new PlainTensor(
              name,
              type.name(),
              tensor.getDimsList(),
              new byte[0],
              others.getField(STRING_DATA).getLengthDelimitedList());
      case FLOAT, UINT8, INT8, INT16, INT32, INT64, BOOL, FLOAT16, DOUBLE, BFLOAT16 ->
          new PlainTensor(name, type.name(), tensor.getDimsList(), bytes(type, tensor), List.of());
      default -> null;
    };
  }

  private static byte[] bytes(DataType type, TensorProto tensor) {
    if (tensor.hasRawData()) {
      return tensor.getRawData().toByteArray();
    }
    int count =
        tensor.getFloatDataCount() + tensor.getInt32DataCount() + tensor.getInt64DataCount();
    ByteBuffer data = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
    tensor.getFloatDataList().forEach(data::putFloat);
    tensor.getInt64DataList().forEach(data::putLong);
    for (int value : tensor.getInt32DataList()) {
      switch (type) {
        case INT32 -> data.putInt(value);
        case INT16, FLOAT16, BFLOAT16 -> data.putShort((short) value);
        default -> data.put((byte) value);
      }
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(data.array(), 0, data.position());
    for (ByteString packed :
        tensor.getUnknownFields().getField(DOUBLE_DATA).getLengthDelimitedList()) {
      all.writeBytes(packed.toByteArray());
    }
    return all.toByteArray();
  }

  void write(DataOutputStream data) throws IOException {
    data.writeUTF(name);
    data.writeUTF(type);
    data.writeInt(shape.size());
    for (long dimension : shape) {
      data.writeLong(dimension);
    }
    boolean text = type.equals(DataType.STRING.name());
    data.writeInt(text ? texts.size() : bytes.length);
    for (ByteString each : texts) {
      data.writeUTF(each.toStringUtf8());
    }
    data.write(bytes);
  }
}
