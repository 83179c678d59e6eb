package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.session.saliency.RepeatedRow;
import io.innerspan.onnxruntime.session.saliency.SessionScore.Score;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Takes inferences of a session away to be explained. In the request's thread only a row of the
 * inputs is copied. Thread-safe.
 */
final class SessionSamples {
  private final OrtEnvironment environment;
  private final ModelSource.@Nullable File file;
  private final OptionsFactory options;
  private final Path temporaryFolder;
  private final ObservedModel model;
  private @Nullable SessionCopy copy;
  private boolean closed;

  /**
   * @param temporaryFolder where a changed copy of the model may lie for a while
   */
  SessionSamples(
      OrtEnvironment environment,
      ModelSource source,
      OptionsFactory options,
      Path temporaryFolder,
      ObservedModel model) {
    this.environment = environment;
    this.file = source instanceof ModelSource.File given ? given : null;
    this.options = options;
    this.temporaryFolder = temporaryFolder;
    this.model = model;
  }

  /** An inference was made; it may be one that is to be explained. */
  void take(Map<String, OnnxTensor> inputs, OrtSession.Result outputs) {
    ExplainedInferences explained = model.saliency();
    if (explained == null || !explained.isSampled()) {
      return;
    }
    try {
      explained.explain(sample(inputs, outputs, explained));
    } catch (SaliencyMissingException e) {
      explained.notExplained(e);
    } catch (IllegalArgumentException | OrtException e) {
      explained.notExplained(unsupported(String.valueOf(e.getMessage())));
    }
  }

  private SessionSample sample(
      Map<String, OnnxTensor> inputs, OrtSession.Result outputs, ExplainedInferences explained)
      throws SaliencyMissingException, OrtException {
    int rows = rows(inputs);
    int row = ThreadLocalRandom.current().nextInt(rows);
    for (Map.Entry<String, OnnxValue> output : outputs) {
      float[] scores = scores(output.getValue(), rows, row);
      if (scores.length > 0) {
        int largest = 0;
        for (int i = 0; i < scores.length; i++) {
          if (!Float.isFinite(scores[i])) {
            throw unsupported("expected finite scores, found " + scores[i]);
          }
          largest = scores[i] > scores[largest] ? i : largest;
        }
        Map<String, RepeatedRow> copies = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxTensor> input : inputs.entrySet()) {
          copies.put(input.getKey(), RepeatedRow.copy(input.getKey(), input.getValue(), row));
        }
        return new SessionSample(
            copy(explained), copies, new Score(output.getKey(), largest), scores[largest], row);
      }
    }
    throw unsupported("expected an output of scores, [batch] or [batch, classes], found none");
  }

  private static int rows(Map<String, OnnxTensor> inputs) throws SaliencyMissingException {
    long rows = 0;
    for (Object input : inputs.values()) { // An application may hand over sparse tensors too.
      long[] shape = input instanceof OnnxTensor tensor ? tensor.getInfo().getShape() : new long[0];
      if (shape.length == 0
          || shape[0] < 1
          || shape[0] > Integer.MAX_VALUE
          || (rows != 0 && shape[0] != rows)) {
        throw unsupported("expected inputs whose first dimension is the batch, found others");
      }
      rows = shape[0];
    }
    if (rows == 0) {
      throw unsupported("expected at least one input, found none");
    }
    return (int) rows;
  }

  /** The scores of a row; none where the output does not hold scores. */
  private static float[] scores(OnnxValue output, int rows, int row) {
    if (!(output instanceof OnnxTensor tensor)
        || tensor.getInfo().type != OnnxJavaType.FLOAT
        || tensor.getInfo().getShape().length > 2
        || tensor.getInfo().getShape().length < 1
        || tensor.getInfo().getShape()[0] != rows) {
      return new float[0];
    }
    FloatBuffer all = tensor.getFloatBuffer();
    float[] scores = new float[all.remaining() / rows];
    all.position(row * scores.length).get(scores);
    return scores;
  }

  private synchronized SessionCopy copy(ExplainedInferences explained)
      throws SaliencyMissingException {
    if (closed) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the session was closed");
    }
    if (copy == null) {
      if (file == null) {
        throw unsupported("expected a model from a file, found one in memory");
      }
      copy = SessionCopy.of(environment, file, options, temporaryFolder, explained);
    }
    return copy;
  }

  private static SaliencyMissingException unsupported(String detail) {
    return new SaliencyMissingException(Reason.UNSUPPORTED, detail);
  }

  /** The session is closed; waits for one run of its copy at most. */
  void close() {
    SessionCopy made;
    synchronized (this) {
      closed = true;
      made = copy;
    }
    if (made != null) {
      made.close();
    }
  }
}
