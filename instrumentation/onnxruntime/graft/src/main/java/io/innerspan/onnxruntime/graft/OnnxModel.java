package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The structure of an ONNX model: its graph without its weights. Immutable. */
public final class OnnxModel {
  private OnnxModel() {}

  public static OnnxModel scan(Path file) throws IOException, ModelRefusedException {
    throw new UnsupportedOperationException();
  }

  public static OnnxModel scan(ByteBuffer bytes) throws ModelRefusedException {
    throw new UnsupportedOperationException();
  }

  /** The structural fingerprint: lowercase hexadecimal SHA-256 of the graph without weights. */
  public String structure() {
    throw new UnsupportedOperationException();
  }

  /** The transformer layers; empty for other models. */
  public List<Layer> layers() {
    throw new UnsupportedOperationException();
  }

  /** The places with TransformerLens names, layer by layer. */
  public List<TapPoint> hookPoints() {
    throw new UnsupportedOperationException();
  }

  /** The place of a TransformerLens name or raw tensor name, or null when the model has none. */
  public @Nullable TapPoint resolve(HookPoint hookPoint) {
    throw new UnsupportedOperationException();
  }

  /** The inputs an application feeds; initializers that may be overridden are left out. */
  public List<TensorInfo> inputs() {
    throw new UnsupportedOperationException();
  }

  /** The outputs in the model's order. */
  public List<TensorInfo> outputs() {
    throw new UnsupportedOperationException();
  }

  /** The input that tells real tokens from padding, {@code [batch, tokens]}, or null. */
  public @Nullable String maskInput() {
    throw new UnsupportedOperationException();
  }

  /** Whether weights lie in other files. */
  public boolean externalData() {
    throw new UnsupportedOperationException();
  }

  /** The version of the ONNX format. */
  public long irVersion() {
    throw new UnsupportedOperationException();
  }

  /** The version of the standard operator set. */
  public long opset() {
    throw new UnsupportedOperationException();
  }
}
