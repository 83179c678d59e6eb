package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.LiveModel;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.NativeWork;
import org.jspecify.annotations.Nullable;

/** Readings of our own on the session that a certified graft answers by. */
final class LiveGraft implements LiveModel {
  private final OrtEnvironment environment;
  private final Graft graft;
  private final GraftedSession session;
  private final String readingOutput;

  LiveGraft(OrtEnvironment environment, Graft graft, GraftedSession session, String readingOutput) {
    this.environment = environment;
    this.graft = graft;
    this.session = session;
    this.readingOutput = readingOutput;
  }

  @Override
  public @Nullable LiveReading read(ModelInput input) throws OrtException {
    boolean entered = Bypass.enter();
    try {
      if (!NativeWork.begin()) {
        return null;
      }
      try {
        return readNatively(input);
      } finally {
        NativeWork.end();
      }
    } finally {
      Bypass.exit(entered);
    }
  }

  private @Nullable LiveReading readNatively(ModelInput input) throws OrtException {
    // Closing waits for this, for one run at most.
    graft.certification().lock();
    try {
      if (graft.closed() || !graft.answers()) {
        return null;
      }
      try (Inputs inputs = Inputs.of(environment, input);
          OrtSession.Result result = session.run(inputs.tensors(), session.gates().all())) {
        OnnxTensor reading =
            (OnnxTensor) result.get(readingOutput).orElseThrow(IllegalStateException::new);
        int rows = Math.toIntExact(reading.getInfo().getShape()[0]);
        return new LiveReading(reading.getFloatBuffer().array(), rows);
      }
    } finally {
      graft.certification().unlock();
    }
  }
}
