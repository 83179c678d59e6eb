package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The model as the application gave it: in the application's own session as long as that holds the
 * model, and in one that is opened when first needed and closed when no run needs it. Runs hold the
 * read lock; opening and closing hold the write lock.
 */
final class OriginalSession {
  /** The original cannot be opened (again): its file changed, or ONNX Runtime refuses. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What a session can be asked of its model. */
  interface Question<T> {
    T answer(OrtSession session) throws OrtException;
  }

  private final OrtEnvironment environment;
  private final OptionsFactory options;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final @Nullable OrtSession application;
  private @Nullable Path file;
  private @Nullable FileStamp stamp;
  private @Nullable OrtSession session;
  private OrtSession.@Nullable SessionOptions sessionOptions;

  /** Of the application's session once it holds the model no more. */
  private @Nullable SessionDescription description;

  private boolean retired;

  /**
   * A session of our own.
   *
   * @param copy a copy of the model that nobody else changes
   */
  OriginalSession(OrtEnvironment environment, Path copy, OptionsFactory options) {
    this.environment = environment;
    this.application = null;
    this.file = copy;
    this.options = options;
  }

  /** The session that the application holds. */
  OriginalSession(OrtEnvironment environment, OrtSession application, OptionsFactory options) {
    this.environment = environment;
    this.application = application;
    this.session = application;
    this.options = options;
  }

  /**
   * Where the model is opened from once it was closed.
   *
   * @param copy a copy of the model that nobody else changes
   */
  void openFrom(Path copy) {
    openFrom(copy, null);
  }

  /** Opens the application's own file from now on, as long as it is what it was. */
  void openFrom(Path applicationFile, @Nullable FileStamp applicationStamp) {
    lock.writeLock().lock();
    try {
      file = applicationFile;
      stamp = applicationStamp;
    } finally {
      lock.writeLock().unlock();
    }
  }

  OrtSession.Result run(
      Map<String, OnnxTensor> inputs,
      Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions runOptions)
      throws OrtException, UnavailableException {
    OrtSession open = acquire();
    try {
      return OrtApi.run(open, inputs, requested, pinned, runOptions);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Asks the application's session.
   *
   * @param later gives the answer when that session holds the model no more
   */
  <T> T ask(Question<T> question, Function<SessionDescription, T> later) throws OrtException {
    lock.readLock().lock();
    try {
      if (description != null) {
        return later.apply(description);
      }
      if (application == null) {
        throw new IllegalStateException("not an application's session");
      }
      return question.answer(application);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Opens the session, if it is not open. */
  void open() throws UnavailableException {
    acquire();
    lock.readLock().unlock();
  }

  /**
   * Closes the session once no run needs it; a later run opens it again. The application's session
   * is then one that says what it always said, and holds no model.
   */
  void release() throws OrtException {
    lock.writeLock().lock();
    try {
      OrtSession open = session;
      if (open != null && open == application) {
        if (retired || !OrtApi.isSafeWhenClosed()) {
          return; // The application closes it.
        }
        description = SessionDescription.of(open);
      }
      session = null;
      if (open != null) {
        open.close();
      }
      if (sessionOptions != null) {
        sessionOptions.close();
        sessionOptions = null;
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Closes the session for good, but for an application's, which it closes itself.
   *
   * @return whether the application's session is closed already
   */
  boolean retire() throws OrtException {
    lock.writeLock().lock();
    try {
      retired = true;
      if (session != application) {
        release();
      }
      return description != null;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Whether the application's session is closed already. */
  boolean isClosedEarly() {
    lock.readLock().lock();
    try {
      return description != null;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Returns the open session with the read lock held. */
  private OrtSession acquire() throws UnavailableException {
    lock.readLock().lock();
    OrtSession open = session;
    if (open != null) {
      return open;
    }
    lock.readLock().unlock();
    lock.writeLock().lock();
    try {
      open = session;
      if (open == null) {
        open = opened();
        session = open;
      }
      lock.readLock().lock(); // Downgrades: nobody can close in between.
      return open;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private OrtSession opened() throws UnavailableException {
    Path from = file;
    if (retired || from == null) {
      throw new UnavailableException("the session is closed", null);
    }
    OrtSession.SessionOptions made = null;
    try {
      if (stamp != null && !stamp.equals(FileStamp.of(from))) {
        throw new UnavailableException(from + " changed since the session was opened", null);
      }
      made = options.create();
      OrtSession opened = environment.createSession(from.toString(), made);
      sessionOptions = made;
      return opened;
    } catch (OrtException | IOException | RuntimeException e) {
      if (made != null) {
        made.close();
      }
      throw new UnavailableException(
          "the original of " + from.getFileName() + " cannot be opened: " + e.getMessage(), e);
    }
  }
}
