package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.NativeWork;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A second session on an application's model, opened when it is first needed and closed with the
 * application's. Thread-safe.
 */
final class SessionCopy {
  private final OrtEnvironment environment;
  private final OriginalSession session;
  private final long bytes;
  private @Nullable SaliencyMemory reserved;
  private boolean closed;

  private SessionCopy(OrtEnvironment environment, OriginalSession session, long bytes) {
    this.environment = environment;
    this.session = session;
    this.bytes = bytes;
  }

  /**
   * @throws SaliencyMissingException when the file is gone
   */
  static SessionCopy of(OrtEnvironment environment, ModelSource.File source, OptionsFactory options)
      throws SaliencyMissingException {
    Path file = Path.of(source.path());
    try {
      return new SessionCopy(
          environment, new OriginalSession(environment, file, options), Files.size(file));
    } catch (IOException e) {
      throw new SaliencyMissingException(
          Reason.UNSUPPORTED, "expected the model's file, found none: " + e.getMessage());
    }
  }

  OrtEnvironment environment() {
    return environment;
  }

  /** Takes the memory for a second copy of the weights. */
  synchronized void reserve(SaliencyMemory memory) throws SaliencyMissingException {
    if (closed) {
      throw new SaliencyMissingException(Reason.MODEL_CLOSED, "the session was closed");
    }
    if (reserved == null) {
      if (!memory.reserve(bytes)) {
        throw new SaliencyMissingException(
            Reason.MEMORY_LIMIT, "expected room for " + bytes + " bytes, found less");
      }
      reserved = memory;
    }
  }

  /** Runs the model, unobserved. */
  OrtSession.Result run(Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException {
    if (NativeWork.stopping()) {
      throw new CancellationException("the JVM is ending");
    }
    boolean entered = Bypass.enter();
    try {
      return session.run(inputs, outputs, null, null);
    } catch (OriginalSession.UnavailableException e) {
      if (isClosed()) {
        throw new CancellationException("the session was closed");
      }
      throw new IllegalStateException(e.getMessage(), e);
    } finally {
      Bypass.exit(entered);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  void close() {
    synchronized (this) {
      closed = true;
    }
    try {
      session.retire();
    } catch (OrtException e) {
      Faults.report("close", e);
    }
    synchronized (this) {
      if (reserved != null) {
        reserved.release(bytes);
        reserved = null;
      }
    }
  }
}
