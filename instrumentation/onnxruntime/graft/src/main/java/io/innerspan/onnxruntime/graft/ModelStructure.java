package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A model without its large weights, before anything is looked for in it. Two of them are equal
 * when their bytes are: then their scans are the same too. For use by one thread at a time.
 */
public final class ModelStructure {
  private final byte[] bytes;
  private final int hash;
  private @Nullable ModelProto parsed;

  private ModelStructure(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * Reads a model file, which is mapped and not read as a whole.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelRefusedException when it is not of the Protocol Buffers format
   */
  public static ModelStructure of(Path file) throws IOException, ModelRefusedException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE) {
        throw new ModelRefusedException(
            "not an ONNX model: expected at most " + Integer.MAX_VALUE + " bytes, found " + size);
      }
      return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
    } catch (InternalError e) {
      // What the JVM makes of a read behind the end of a mapped file.
      throw new IOException(file + " became shorter while it was read", e);
    }
  }

  /**
   * Reads a model between the buffer's position and limit, which stay as they are.
   *
   * @throws ModelRefusedException when it is not of the Protocol Buffers format
   */
  public static ModelStructure of(ByteBuffer bytes) throws ModelRefusedException {
    return new ModelStructure(ModelReader.withoutWeights(bytes));
  }

  /** How many bytes are left of the model without its weights. */
  public int size() {
    return bytes.length;
  }

  /**
   * The {@linkplain OnnxModel#structure() structural fingerprint}.
   *
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  public String fingerprint() throws ModelRefusedException {
    return Fingerprint.of(model());
  }

  /**
   * Whether weights lie in other files.
   *
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  public boolean externalData() throws ModelRefusedException {
    return Subgraphs.externalData(model().getGraph());
  }

  /**
   * Looks for layers and for places to read.
   *
   * @throws ModelRefusedException when it is no ONNX model, or none that can be grafted
   */
  public OnnxModel scan() throws ModelRefusedException {
    return new OnnxModel(model());
  }

  /**
   * The {@linkplain OnnxModel#cache() cache} that the model takes, or null. A model is not even
   * parsed whose inputs cannot be one.
   *
   * @throws ModelRefusedException when it is found to be no ONNX model, or none that can be grafted
   */
  public @Nullable KvCache cache() throws ModelRefusedException {
    return PastShapes.any(bytes) ? scan().cache() : null;
  }

  private ModelProto model() throws ModelRefusedException {
    ModelProto model = parsed;
    if (model == null) {
      model = ModelReader.parse(bytes);
      parsed = model;
    }
    return model;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelStructure that
        && hash == that.hash
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
