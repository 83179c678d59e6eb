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

  /**
   * Where the model is opened from.
   *
   * @param stamp what the file must still be, or null when nobody else changes it
   */
  private record Place(Path file, @Nullable FileStamp stamp) {}

  /** What a session can be asked of its model. */
  interface Question<T> {
    T answer(OrtSession session) throws OrtException;
  }

  private final OrtEnvironment environment;
  private final OptionsFactory options;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final @Nullable OrtSession application;
  private volatile @Nullable Place place;
  private @Nullable OrtSession session;
  private OrtSession.@Nullable SessionOptions sessionOptions;

  /** Of the application's session, from when it is about to be closed on. */
  private volatile @Nullable SessionDescription description;

  /** Whether the application's session says something that cannot be kept. */
  private volatile boolean indescribable;

  private boolean closedEarly;
  private boolean retired;

  /**
   * A session of our own.
   *
   * @param copy a copy of the model that nobody else changes
   */
  OriginalSession(OrtEnvironment environment, Path copy, OptionsFactory options) {
    this.environment = environment;
    this.application = null;
    this.place = new Place(copy, null);
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
    place = new Place(applicationFile, applicationStamp);
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
   * Asks the application's session. Never waits for a run.
   *
   * @param later gives the answer when that session is closed early, or about to be
   * @throws IllegalStateException when the application has closed it
   */
  <T> T ask(Question<T> question, Function<SessionDescription, T> later) throws OrtException {
    while (true) {
      SessionDescription known = description;
      if (known != null) {
        return later.apply(known);
      }
      if (lock.readLock().tryLock()) { // Else it is being closed, and described.
        try {
          if (description == null) {
            if (application == null || retired) {
              throw new IllegalStateException("the session is closed");
            }
            return question.answer(application);
          }
        } finally {
          lock.readLock().unlock();
        }
      }
      Thread.onSpinWait();
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
    describe();
    lock.writeLock().lock();
    try {
      OrtSession open = session;
      if (open != null && open == application) {
        if (retired || description == null) {
          return; // The application closes it.
        }
        closedEarly = true;
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

  /** Before the application's session is closed, so that nobody asks it meanwhile. */
  private void describe() {
    if (application == null || description != null || indescribable || !OrtApi.isSafeWhenClosed()) {
      return;
    }
    lock.readLock().lock();
    try {
      if (session == application && !retired) {
        description = SessionDescription.of(application);
      }
    } catch (OrtException | RuntimeException e) { // Such as a type that Java has no name for.
      indescribable = true;
    } finally {
      lock.readLock().unlock();
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
      session = null; // Nobody of ours touches the application's any more.
      return closedEarly;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Whether the application's session is closed already. */
  boolean isClosedEarly() {
    lock.readLock().lock();
    try {
      return closedEarly;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Returns the open session with the read lock held. */
  private OrtSession acquire() throws UnavailableException {
    if (!lock.readLock().tryLock()) { // Which does not wait behind one who waits for other runs.
      lock.readLock().lock();
    }
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
    Place from = place;
    if (retired || from == null) {
      throw new UnavailableException("the session is closed", null);
    }
    Path file = from.file();
    OrtSession.SessionOptions made = null;
    try {
      if (from.stamp() != null && !from.stamp().equals(FileStamp.of(file))) {
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
