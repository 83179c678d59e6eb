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
import org.jspecify.annotations.Nullable;

/**
 * The model as the application gave it, opened when first needed and closed when no run needs it.
 * Runs hold the read lock; opening and closing hold the write lock.
 */
final class OriginalSession {
  /** The original cannot be opened (again): its file changed, or ONNX Runtime refuses. */
  static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1;

    UnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final OrtEnvironment environment;
  private final OptionsFactory options;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private Path file;
  private @Nullable FileStamp stamp;
  private @Nullable OrtSession session;
  private OrtSession.@Nullable SessionOptions sessionOptions;
  private boolean retired;

  /**
   * @param copy a copy of the model that nobody else changes
   */
  OriginalSession(OrtEnvironment environment, Path copy, OptionsFactory options) {
    this.environment = environment;
    this.file = copy;
    this.options = options;
  }

  /** Opens the application's own file from now on, as long as it is what it was. */
  void openFrom(Path applicationFile, FileStamp applicationStamp) {
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

  /** Opens the session, if it is not open. */
  void open() throws UnavailableException {
    acquire();
    lock.readLock().unlock();
  }

  /** Closes the session once no run needs it; a later run opens it again. */
  void release() throws OrtException {
    lock.writeLock().lock();
    try {
      OrtSession open = session;
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

  /** Closes the session for good. */
  void retire() throws OrtException {
    lock.writeLock().lock();
    try {
      retired = true;
      release();
    } finally {
      lock.writeLock().unlock();
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
    if (retired) {
      throw new UnavailableException("the session is closed", null);
    }
    OrtSession.SessionOptions made = null;
    try {
      if (stamp != null && !stamp.equals(FileStamp.of(file))) {
        throw new UnavailableException(file + " changed since the session was opened", null);
      }
      made = options.create();
      OrtSession opened = environment.createSession(file.toString(), made);
      sessionOptions = made;
      return opened;
    } catch (OrtException | IOException | RuntimeException e) {
      if (made != null) {
        made.close();
      }
      throw new UnavailableException(
          "the original of " + file.getFileName() + " cannot be opened: " + e.getMessage(), e);
    }
  }
}
