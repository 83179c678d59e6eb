package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.ExplainedInferences;
import io.opentelemetry.javaagent.innerspan.bridge.NativeWork;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMemory;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A second session on an application's model, opened when it is first needed and closed with the
 * application's. Where the model's tokens are to be explained it is one on a changed copy, which
 * can start at their embeddings. Thread-safe.
 */
final class SessionCopy {
  /** The application's file cannot be opened any more, which is no fault of ours. */
  static final class ModelGoneException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    ModelGoneException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final OrtEnvironment environment;
  private final ModelSource.File source;
  private final OptionsFactory options;
  private final Path temporaryFolder;
  private final ExplainedInferences explained;
  private final long bytes;
  private OriginalSession session;
  private @Nullable TokenEmbedding embedding;
  private boolean embeddingTried;
  private @Nullable SaliencyMemory reserved;
  private boolean closed;

  private SessionCopy(
      OrtEnvironment environment,
      ModelSource.File source,
      OptionsFactory options,
      Path temporaryFolder,
      ExplainedInferences explained)
      throws IOException {
    this.environment = environment;
    this.source = source;
    this.options = () -> withOneThread(options);
    this.temporaryFolder = temporaryFolder;
    this.explained = explained;
    this.bytes = Files.size(file());
    this.session = unchanged();
  }

  /**
   * @param temporaryFolder where the changed copy lies until it is opened
   * @param explained changes the model
   * @throws SaliencyMissingException when the file is gone
   */
  static SessionCopy of(
      OrtEnvironment environment,
      ModelSource.File source,
      OptionsFactory options,
      Path temporaryFolder,
      ExplainedInferences explained)
      throws SaliencyMissingException {
    try {
      return new SessionCopy(environment, source, options, temporaryFolder, explained);
    } catch (IOException e) {
      throw new SaliencyMissingException(
          Reason.UNSUPPORTED, "expected the model's file, found none: " + e.getMessage());
    }
  }

  /** Explaining takes seconds to minutes; the application's requests keep the other processors. */
  private static OrtSession.SessionOptions withOneThread(OptionsFactory options)
      throws OrtException {
    OrtSession.SessionOptions made = options.create();
    boolean set = false;
    try {
      made.setIntraOpNumThreads(1);
      made.setInterOpNumThreads(1);
      set = true;
      return made;
    } finally {
      if (!set) {
        made.close();
      }
    }
  }

  private Path file() {
    return Path.of(source.path());
  }

  private OriginalSession unchanged() {
    return new OriginalSession(environment, file(), options);
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

  /**
   * How this session starts at the embeddings of its tokens; null when it cannot, for a reason that
   * was told. For the one thread that explains.
   *
   * @param ids the input of token ids
   */
  @Nullable TokenEmbedding embedding(String ids) {
    synchronized (this) {
      if (embeddingTried) {
        return embedding;
      }
      embeddingTried = true;
    }
    try {
      open(ids);
    } catch (SaliencyMissingException | IOException e) {
      occluded(String.valueOf(e.getMessage()));
    } catch (OriginalSession.UnavailableException e) {
      occluded("ONNX Runtime refuses the changed model: " + e.getMessage());
    }
    return openedEmbedding();
  }

  /**
   * How this session starts at the embeddings of its tokens as it is now; null when it does not.
   */
  synchronized @Nullable TokenEmbedding openedEmbedding() {
    return embedding;
  }

  private void open(String ids)
      throws SaliencyMissingException, IOException, OriginalSession.UnavailableException {
    FileStamp stamp = FileStamp.of(file());
    TokenEmbedding found = explained.embedding(file(), ids);
    boolean entered = Bypass.enter();
    try (ModelCopy copy = ModelCopy.create(source, temporaryFolder)) {
      if (!stamp.equals(copy.stamp())) {
        throw new IOException(file() + " changed while it was read");
      }
      copy.change(found.edits());
      copy.graft(found.appended());
      OriginalSession changed = new OriginalSession(environment, Path.of(copy.path()), options);
      changed.open(); // From now on nobody needs the file.
      use(changed, found);
    } finally {
      Bypass.exit(entered);
    }
  }

  /** The model cannot start at its tokens' embeddings after all. */
  void withoutEmbedding(String reason) {
    occluded(reason);
    use(unchanged(), null);
  }

  /** Tells why tokens are explained by occlusion. */
  void occluded(String reason) {
    if (!isClosed()) { // Applications remove the files of models that they have closed.
      explained.occluded(reason);
    }
  }

  private void use(OriginalSession next, @Nullable TokenEmbedding nextEmbedding) {
    OriginalSession unused;
    synchronized (this) {
      unused = closed ? next : session;
      if (!closed) {
        session = next;
        embedding = nextEmbedding;
      }
    }
    retire(unused);
  }

  /** Runs the model, unobserved. */
  OrtSession.Result run(Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException {
    if (NativeWork.stopping()) {
      throw new CancellationException("the JVM is ending");
    }
    OriginalSession used;
    synchronized (this) {
      used = session;
    }
    boolean entered = Bypass.enter();
    try {
      return used.run(inputs, outputs, null, null);
    } catch (OriginalSession.UnavailableException e) {
      if (isClosed()) {
        throw new CancellationException("the session was closed");
      }
      throw new ModelGoneException(String.valueOf(e.getMessage()), e);
    } finally {
      Bypass.exit(entered);
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  void close() {
    OriginalSession last;
    synchronized (this) {
      closed = true;
      last = session;
    }
    retire(last);
    synchronized (this) {
      if (reserved != null) {
        reserved.release(bytes);
        reserved = null;
      }
    }
  }

  private static void retire(OriginalSession session) {
    try {
      session.retire();
    } catch (OrtException e) {
      Faults.report("close", e);
    }
  }
}
