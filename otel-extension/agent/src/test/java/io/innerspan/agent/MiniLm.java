package io.innerspan.agent;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import io.innerspan.onnxruntime.graft.Exposure;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.HookPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** all-MiniLM-L6-v2 as LangChain4j brings it: 6 post-LN layers, width 384. */
final class MiniLm {
  static final int LAYERS = 6;
  static final int WIDTH = 384;
  static final Path FILE = extract();
  static final String SHA256 = sha256(FILE);

  static HookPoint layerOutput(int layer) {
    return new HookPoint("blocks." + layer + ".hook_normalized_resid_post");
  }

  static OnnxModel scan() {
    try {
      return OnnxModel.scan(FILE);
    } catch (IOException | ModelRefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The model's inputs for rows of token ids, by name. */
  static Map<String, OnnxTensor> inputs(long[][] ids, long[][] mask) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    inputs.put(
        "token_type_ids",
        OnnxTensor.createTensor(environment, new long[ids.length][ids[0].length]));
    return inputs;
  }

  /** Its tokenizer, in a folder. */
  static Path tokenizer(Path folder) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    try (InputStream resource =
        AllMiniLmL6V2EmbeddingModel.class.getResourceAsStream("/all-minilm-l6-v2-tokenizer.json")) {
      Files.copy(Objects.requireNonNull(resource), file);
    }
    return file;
  }

  /** Every layer's output, {@code [layer][row][token][width]}, from a session of its own. */
  static float[][][][] activations(long[][] ids, long[][] mask) throws Exception {
    List<HookPoint> hooks =
        java.util.stream.IntStream.range(0, LAYERS).mapToObj(MiniLm::layerOutput).toList();
    Exposure exposure = OverlayCompiler.expose(scan(), hooks);
    byte[] model = concatenate(exposure.bytes());
    float[][][][] activations = new float[LAYERS][ids.length][ids[0].length][WIDTH];
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model);
        OrtSession.Result result = session.run(inputs(ids, mask))) {
      for (int layer = 0; layer < LAYERS; layer++) {
        OnnxTensor tensor =
            (OnnxTensor) result.get(exposure.outputs().get(hooks.get(layer))).orElseThrow();
        FloatBuffer values = tensor.getFloatBuffer();
        for (float[][] row : activations[layer]) {
          for (float[] token : row) {
            values.get(token);
          }
        }
      }
    }
    return activations;
  }

  static byte[] concatenate(byte[] overlay) throws IOException {
    byte[] model = Files.readAllBytes(FILE);
    byte[] both = java.util.Arrays.copyOf(model, model.length + overlay.length);
    System.arraycopy(overlay, 0, both, model.length, overlay.length);
    return both;
  }

  private static Path extract() {
    try (InputStream model =
        AllMiniLmL6V2EmbeddingModel.class.getResourceAsStream("/all-minilm-l6-v2.onnx")) {
      if (model == null) {
        throw new IllegalStateException("the model is not on the class path");
      }
      Path file = Files.createTempDirectory("minilm").resolve("all-minilm-l6-v2.onnx");
      Files.copy(model, file);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private MiniLm() {}
}
