package io.innerspan.benchmarks.application;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Sessions on all-MiniLM-L6-v2 and inputs for it. */
public final class MiniLm {
  private static final int SMALLEST_ID = 1_000;
  private static final int LARGEST_ID = 30_000;

  /** Opens the model so that an inference runs in its caller's thread and nothing spins. */
  public static OrtSession open(String file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return OrtEnvironment.getEnvironment().createSession(file, options);
    }
  }

  /** Random tokens without padding; the caller closes the tensors. */
  public static Map<String, OnnxTensor> inputs(int batch, int sequence, long seed)
      throws OrtException {
    Random random = new Random(seed);
    long[] ids = random.longs((long) batch * sequence, SMALLEST_ID, LARGEST_ID).toArray();
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    return Map.of(
        "input_ids", tensor(ids, batch, sequence),
        "attention_mask", tensor(mask, batch, sequence),
        "token_type_ids", tensor(new long[ids.length], batch, sequence));
  }

  private static OnnxTensor tensor(long[] values, int batch, int sequence) throws OrtException {
    return OnnxTensor.createTensor(
        OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {batch, sequence});
  }

  private MiniLm() {}
}
