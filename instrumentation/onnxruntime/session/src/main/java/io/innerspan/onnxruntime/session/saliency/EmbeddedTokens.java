package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A model that starts at the embeddings of its tokens where it is told to. */
public final class EmbeddedTokens {
  private static final long[] ONE = {1, 1, 1};

  private final OrtEnvironment environment;
  private final SessionScore.Running running;
  private final TokenEmbedding embedding;

  /**
   * The embeddings of a row.
   *
   * @param values {@code tokens × width}, token by token
   * @param width of one token's
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Row(double[] values, int width) {}

  /**
   * @param running the session on the changed model, which stays open as long as this is used
   */
  public EmbeddedTokens(
      OrtEnvironment environment, SessionScore.Running running, TokenEmbedding embedding) {
    this.environment = environment;
    this.running = running;
    this.embedding = embedding;
  }

  /**
   * What the model's own table gives for a row.
   *
   * @param inputs of the model
   * @throws IllegalStateException when it is not of the shape {@code [1, tokens, width]}, or ONNX
   *     Runtime fails
   */
  public Row row(Map<String, RepeatedRow> inputs) {
    Map<String, OnnxTensor> all = new HashMap<>();
    try {
      for (Map.Entry<String, RepeatedRow> input : inputs.entrySet()) {
        all.put(input.getKey(), input.getValue().repeated(environment, 1));
      }
      all.putAll(unchanged());
      try (OrtSession.Result result = running.run(all, Set.of(embedding.tensor()))) {
        return row((OnnxTensor) result.get(0));
      }
    } catch (OrtException e) {
      throw Failures.of(e);
    } finally {
      all.values().forEach(OnnxTensor::close);
    }
  }

  private Row row(OnnxTensor tensor) {
    long[] shape = tensor.getInfo().getShape();
    if (shape.length != 3 || shape[0] != 1 || shape[1] < 1 || shape[2] < 1) {
      throw new IllegalStateException(
          embedding.tensor() + ": expected [1, tokens, width], found " + Arrays.toString(shape));
    }
    FloatBuffer all = tensor.getFloatBuffer();
    double[] values = new double[all.remaining()];
    Arrays.setAll(values, all::get);
    return new Row(values, Math.toIntExact(shape[2]));
  }

  /** The same inputs with the id 0 in each place. */
  public static Map<String, RepeatedRow> padded(Map<String, RepeatedRow> inputs, String ids) {
    Map<String, RepeatedRow> padded = new HashMap<>(inputs);
    padded.computeIfPresent(
        ids, (name, row) -> new RepeatedRow(new byte[row.bytes().length], row.shape(), row.type()));
    return padded;
  }

  /** Other embeddings in the place of a row's. */
  public Varying inPlaceOf(Row row) {
    long tokens = row.values().length / row.width();
    return (values, rows) ->
        Map.of(
            embedding.maskInput(),
            tensor(new float[] {1}, ONE),
            embedding.valuesInput(),
            tensor(values, rows, tokens, row.width()));
  }

  /** What varies otherwise, with the model's own embeddings. */
  public Varying unchanged(Varying others) {
    return (values, rows) -> {
      Map<String, OnnxTensor> all = new HashMap<>(unchanged());
      all.putAll(others.at(values, rows));
      return all;
    };
  }

  private Map<String, OnnxTensor> unchanged() throws OrtException {
    return Map.of(
        embedding.maskInput(), tensor(new float[1], ONE),
        embedding.valuesInput(), tensor(new float[1], ONE));
  }

  private OnnxTensor tensor(float[] values, long... shape) throws OrtException {
    return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
  }
}
