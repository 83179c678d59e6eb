package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.session.ObservedSession.Observation;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Opens an application's models as observed sessions, grafted where that is possible. */
public final class SessionOpener {
  private static final String ENGINE = "onnxruntime";

  /** From here on a file is opened faster, as it was measured; before, while it is copied. */
  static final int LARGE_ARRAY = 1 << 25;

  private final ModelObserver observer;
  private final Executor background;
  private final Executor certification;
  private final Path temporaryFolder;

  /** Opens models, with all work beside in the same place. */
  public SessionOpener(ModelObserver observer, Executor background, Path temporaryFolder) {
    this(observer, background, background, temporaryFolder);
  }

  /**
   * @param observer told of each model
   * @param background where work is done that somebody waits for, such as copying a model; must not
   *     run in the caller's thread if the caller cannot wait
   * @param certification where grafts are certified whose sessions are not used yet, which can wait
   * @param temporaryFolder where private copies of models live
   */
  public SessionOpener(
      ModelObserver observer, Executor background, Executor certification, Path temporaryFolder) {
    this.observer = observer;
    this.background = background;
    this.certification = certification;
    this.temporaryFolder = temporaryFolder;
    background.execute(() -> StaleCopies.remove(temporaryFolder, Instant.now()));
  }

  /**
   * Opens a model just as the application asks for, and makes ready beside it what observes it.
   * What goes wrong on our side leaves a session on the original model.
   *
   * @param applicationOptions the options the application opens it with; not changed, not closed
   * @param equalOptions makes equal options later
   * @param refusal why this session must not be grafted, or null
   * @throws OrtException as the application would see it without us
   */
  public ObservedSession open(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions applicationOptions,
      OptionsFactory equalOptions,
      @Nullable Refusal refusal)
      throws OrtException {
    boolean entered = Bypass.enter();
    try {
      FileStamp stamp = stamp(source);
      boolean mayVanish = mayVanish(source);
      CopyAhead copy = new CopyAhead(source, temporaryFolder, background, observer);
      HeadStart<Observation> observing =
          HeadStart.of(
              // A copy that nobody waits for would only take processors from the opening.
              () ->
                  observe(
                      environment,
                      source,
                      equalOptions,
                      refusal,
                      mayVanish ? copy::begin : () -> {}),
              background,
              observer);
      OrtSession session = openCopy(environment, source, applicationOptions, observing, copy);
      if (session == null) {
        session = open(environment, source, applicationOptions, observing, copy);
      }
      OriginalSession original = new OriginalSession(environment, session, equalOptions);
      ObservedSession observed = new ObservedSession(session, original, observing);
      GraftPreparation preparation =
          new GraftPreparation(
              environment,
              source,
              stamp,
              equalOptions,
              observed,
              original,
              observer,
              background,
              certification,
              temporaryFolder);
      prepare(observed, preparation, copy, mayVanish);
      return observed;
    } finally {
      Bypass.exit(entered);
    }
  }

  private static @Nullable FileStamp stamp(ModelSource source) {
    try {
      return source.stamp();
    } catch (IOException | RuntimeException e) {
      return null; // ONNX Runtime says so to the application, in its own words.
    }
  }

  /**
   * Whether the model may change or go away as soon as the application has its session: what lies
   * in the temporary folder was often put there to be opened only.
   */
  private boolean mayVanish(ModelSource source) {
    if (!(source instanceof ModelSource.File file)) {
      return true;
    }
    try {
      return Path.of(file.path()).toAbsolutePath().startsWith(temporaryFolder.toAbsolutePath());
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Observation observe(
      OrtEnvironment environment,
      ModelSource source,
      OptionsFactory options,
      @Nullable Refusal refusal,
      Runnable graftLikely) {
    try {
      ObservedModel model = observer.observe(opening(source, options, refusal), graftLikely);
      return new Observation(
          model, new SessionSamples(environment, source, options, temporaryFolder, model));
    } catch (Throwable e) {
      Faults.report(observer, "open", e);
      return new Observation(null, null);
    }
  }

  /**
   * Opens the copy of a large array in its stead, once it is clear that a copy is needed: ONNX
   * Runtime takes less time and memory for a file than for an array.
   *
   * @return null when the array itself is to be opened, or shall say why it cannot be
   */
  private @Nullable OrtSession openCopy(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions options,
      HeadStart<Observation> observing,
      CopyAhead copy) {
    if (!(source instanceof ModelSource.Array array) || array.bytes().length < LARGE_ARRAY) {
      return null;
    }
    try {
      ObservedModel model = observing.result().model();
      GraftOverlay overlay = model == null ? null : model.overlay();
      return overlay == null || overlay.externalData()
          ? null
          : environment.createSession(copy.made().path(), options);
    } catch (OrtException | IOException e) {
      return null; // Of the first the array tells, of the second whoever prepares the graft.
    } catch (RuntimeException | Error fault) {
      Faults.report(observer, "open", fault);
      return null;
    }
  }

  private OrtSession open(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions options,
      HeadStart<Observation> observing,
      CopyAhead copy)
      throws OrtException {
    boolean opened = false;
    try {
      OrtSession session = source.open(environment, options);
      opened = true;
      return session;
    } finally {
      if (!opened) {
        forget(observing, copy);
      }
    }
  }

  /** There is no session after all. */
  private void forget(HeadStart<Observation> observing, CopyAhead copy) {
    try (copy) {
      ObservedModel model = observing.result().model();
      if (model != null) {
        model.closed();
      }
    } catch (Throwable fault) {
      Faults.report(observer, "open", fault);
    }
  }

  /**
   * @param now whether the application waits for it
   */
  private void prepare(
      ObservedSession session, GraftPreparation preparation, CopyAhead copy, boolean now) {
    try {
      HeadStart<Boolean> preparing =
          HeadStart.of(
              () -> {
                preparation.prepare(copy);
                return true;
              },
              background,
              observer);
      session.preparedBy(preparing);
      if (now) {
        preparing.result();
      }
    } catch (Throwable fault) {
      Faults.report(observer, "open", fault);
    }
  }

  private static ModelOpening opening(
      ModelSource source, OptionsFactory options, @Nullable Refusal refusal) {
    Refusal reason =
        refusal != null || OrtApi.canBuildResults()
            ? refusal
            : new Refusal(
                Reason.ENGINE_REFUSED,
                "ONNX Runtime " + OrtApi.version() + " hides the constructor of its results");
    Path file = source instanceof ModelSource.File model ? Path.of(model.path()) : null;
    ByteBuffer bytes = null;
    if (source instanceof ModelSource.Array model) {
      bytes = ByteBuffer.wrap(model.bytes()).asReadOnlyBuffer();
    } else if (source instanceof ModelSource.Buffer model) {
      bytes = model.buffer().asReadOnlyBuffer();
    }
    return new ModelOpening(ENGINE, OrtApi.version(), file, bytes, options.settings(), reason);
  }
}
