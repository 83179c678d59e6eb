package io.innerspan.agent.app;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes on with the most probable token, on a decoder in Optimum's names with a cache. */
public final class GreedyDecoder {
  private static final String PAST = "past_key_values.";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Shown each step. */
  public interface Listener {
    void step(OrtSession.Result result, int tokens) throws OrtException;
  }

  public GreedyDecoder(OrtSession session) {
    this.session = session;
  }

  /** Runs the model {@code steps} times and returns the tokens that it gave. */
  public long[] generate(long[] prompt, int steps, Listener listener) throws OrtException {
    long[] generated = new long[steps];
    long[] next = prompt;
    OrtSession.Result before = null;
    int past = 0;
    try {
      for (int step = 0; step < steps; step++) {
        Map<String, OnnxTensor> inputs = inputs(next, past, before);
        OrtSession.Result result = session.run(inputs);
        inputs.forEach((name, tensor) -> closeOurs(name, tensor));
        if (before != null) {
          before.close();
        }
        before = result;
        listener.step(result, next.length);
        past += next.length;
        generated[step] = mostProbable(result);
        next = new long[] {generated[step]};
      }
    } finally {
      if (before != null) {
        before.close();
      }
    }
    return generated;
  }

  private Map<String, OnnxTensor> inputs(long[] tokens, int past, OrtSession.Result before)
      throws OrtException {
    Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    long[] mask = new long[past + tokens.length];
    Arrays.fill(mask, 1);
    long[] positions = new long[tokens.length];
    Arrays.setAll(positions, i -> past + i);
    inputs.put("input_ids", row(tokens));
    inputs.put("attention_mask", row(mask));
    inputs.put("position_ids", row(positions));
    for (NodeInfo input : session.getInputInfo().values()) {
      if (input.getName().startsWith(PAST)) {
        inputs.put(input.getName(), past(input, before));
      }
    }
    return inputs;
  }

  private OnnxTensor past(NodeInfo input, OrtSession.Result before) throws OrtException {
    if (before != null) {
      return (OnnxTensor) before.get(input.getName().replace(PAST, "present.")).orElseThrow();
    }
    long[] shape = ((TensorInfo) input.getInfo()).getShape().clone();
    shape[0] = 1;
    shape[2] = 0;
    return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape);
  }

  private OnnxTensor row(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  /** What came out of a run is closed with its result. */
  private static void closeOurs(String name, OnnxTensor tensor) {
    if (!name.startsWith(PAST)) {
      tensor.close();
    }
  }

  private static long mostProbable(OrtSession.Result result) throws OrtException {
    OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow();
    long[] shape = logits.getInfo().getShape();
    int classes = (int) shape[2];
    FloatBuffer values = logits.getFloatBuffer();
    int first = ((int) shape[1] - 1) * classes;
    int best = 0;
    for (int token = 1; token < classes; token++) {
      if (values.get(first + token) > values.get(first + best)) {
        best = token;
      }
    }
    return best;
  }
}
