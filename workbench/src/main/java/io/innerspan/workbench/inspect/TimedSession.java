package io.innerspan.workbench.inspect;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.util.Arrays;
import java.util.Map;

/** A session on a model with an overlay appended, on one thread. */
final class TimedSession implements AutoCloseable {
  private final OrtSession session;

  TimedSession(byte[] model, byte[] overlay) throws OrtException {
    byte[] bytes = Arrays.copyOf(model, Math.addExact(model.length, overlay.length));
    System.arraycopy(overlay, 0, bytes, model.length, overlay.length);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Inputs that do not fit are tried too, and what is wrong with them is told.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      session = OrtEnvironment.getEnvironment().createSession(bytes, options);
    }
  }

  /** Runs the model and gives the nanoseconds that it took. */
  long run(Map<String, OnnxTensor> inputs) throws OrtException {
    long start = System.nanoTime();
    try (OrtSession.Result result = session.run(inputs)) {
      return System.nanoTime() - start;
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
