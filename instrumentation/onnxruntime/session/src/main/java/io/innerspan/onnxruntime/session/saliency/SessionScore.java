package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.signals.saliency.PointFunction;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A score that an ONNX model gives for one row, by what of its inputs varies. Has no gradients:
 * {@link io.innerspan.signals.saliency.SaliencyMethod} takes differences along each part instead.
 */
public final class SessionScore implements PointFunction {
  private final OrtEnvironment environment;
  private final Running running;
  private final Map<String, RepeatedRow> fixed;
  private final Varying varying;
  private final int size;
  private final int batch;
  private final Score score;

  /** Runs the model. */
  @FunctionalInterface
  public interface Running {
    OrtSession.Result run(Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException;
  }

  /**
   * Which number is explained.
   *
   * @param output of scores, float32 {@code [batch]} or {@code [batch, classes]}
   * @param element of its row
   */
  public record Score(String output, int element) {}

  /**
   * @param running the session, which stays open as long as this is used
   * @param fixed the inputs that do not vary
   * @param varying the others
   * @param size how many numbers vary
   * @param batch how many rows the model takes at once
   */
  public SessionScore(
      OrtEnvironment environment,
      Running running,
      Map<String, RepeatedRow> fixed,
      Varying varying,
      int size,
      int batch,
      Score score) {
    this.environment = environment;
    this.running = running;
    this.fixed = Map.copyOf(fixed);
    this.varying = varying;
    this.size = size;
    this.batch = batch;
    this.score = score;
  }

  /** The same for a model that takes another number of rows at once. */
  public SessionScore withBatch(int rows) {
    return new SessionScore(environment, running, fixed, varying, size, rows, score);
  }

  /**
   * An input of float32 that varies.
   *
   * @param row its shape without the batch
   */
  public static Varying input(OrtEnvironment environment, String name, long... row) {
    return (values, rows) ->
        Map.of(
            name,
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(values), RepeatedRow.batch(rows, row)));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public double[] values(double[][] points) {
    float[] values = new float[points.length * size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) points[i / size][i % size];
    }
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (Map.Entry<String, RepeatedRow> row : fixed.entrySet()) {
        inputs.put(row.getKey(), row.getValue().repeated(environment, points.length));
      }
      inputs.putAll(varying.at(values, points.length));
      try (OrtSession.Result result = running.run(inputs, Set.of(score.output()))) {
        return scores((OnnxTensor) result.get(0), points.length);
      }
    } catch (OrtException e) {
      throw Failures.of(e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private double[] scores(OnnxTensor tensor, int rows) {
    long[] shape = tensor.getInfo().getShape();
    if (shape.length < 1 || shape.length > 2 || shape[0] != rows) {
      throw new IllegalStateException(
          score.output()
              + ": expected scores of "
              + rows
              + " rows, [batch] or [batch, classes], found "
              + Arrays.toString(shape));
    }
    int classes = shape.length == 1 ? 1 : Math.toIntExact(shape[1]);
    FloatBuffer all = tensor.getFloatBuffer();
    double[] scores = new double[rows];
    Arrays.setAll(scores, row -> all.get(row * classes + score.element()));
    return scores;
  }
}
