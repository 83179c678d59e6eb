package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Opens an application's models as observed sessions, grafted where that is possible. */
public final class SessionOpener {
  private static final String ENGINE = "onnxruntime";

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
   * Opens a model. What goes wrong on our side leads to a session on the original model.
   *
   * @param applicationOptions the options the application opens it with; not changed, not closed
   * @param equalOptions makes equal options later
   * @param refusal why this session must not be grafted, or null
   * @return null when our side failed before it touched ONNX Runtime: the session is not observed
   * @throws OrtException as the application would see it without us
   */
  public @Nullable ObservedSession open(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions applicationOptions,
      OptionsFactory equalOptions,
      @Nullable Refusal refusal)
      throws OrtException {
    boolean entered = Bypass.enter();
    try {
      ObservedModel model;
      try (CopyAhead copy = new CopyAhead(source, temporaryFolder, background, observer)) {
        model = observe(source, equalOptions, refusal, copy);
        if (model == null) {
          return null;
        }
        ObservedSession grafted =
            openGrafted(environment, source, applicationOptions, equalOptions, model, copy);
        if (grafted != null) {
          return grafted;
        }
      }
      SessionSamples samples =
          new SessionSamples(environment, source, equalOptions, temporaryFolder, model);
      return openPlain(environment, source, applicationOptions, model, samples);
    } finally {
      Bypass.exit(entered);
    }
  }

  private static ObservedSession openPlain(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions options,
      ObservedModel model,
      SessionSamples samples)
      throws OrtException {
    boolean opened = false;
    try {
      ObservedSession observed =
          new ObservedSession(source.open(environment, options), model, samples);
      opened = true;
      return observed;
    } finally {
      if (!opened) {
        model.closed();
      }
    }
  }

  private @Nullable ObservedModel observe(
      ModelSource source, OptionsFactory options, @Nullable Refusal refusal, CopyAhead copy) {
    try {
      return observer.observe(opening(source, options, refusal), copy::begin);
    } catch (Throwable e) {
      Faults.report(observer, "open", e);
      return null;
    }
  }

  /** Returns null when the model is not to be grafted, or cannot be. */
  private @Nullable ObservedSession openGrafted(
      OrtEnvironment environment,
      ModelSource source,
      OrtSession.SessionOptions applicationOptions,
      OptionsFactory equalOptions,
      ObservedModel model,
      CopyAhead ahead) {
    try {
      GraftOverlay overlay = model.overlay();
      if (overlay == null) {
        return null;
      }
      ModelCopy copy = copy(source, overlay, model, ahead);
      SessionSamples samples =
          new SessionSamples(environment, source, equalOptions, temporaryFolder, model);
      return openGrafted(
          environment, source, copy, applicationOptions, equalOptions, model, samples, overlay);
    } catch (Throwable e) {
      refuse(model, e);
      return null;
    }
  }

  private void refuse(ObservedModel model, Throwable failure) {
    try {
      if (failure instanceof OrtException) {
        model.notGrafted(new Refusal(Reason.ENGINE_REFUSED, String.valueOf(failure.getMessage())));
      } else {
        String detail = "the graft could not be opened: " + failure;
        model.notGrafted(new Refusal(Reason.INTERNAL_FAULT, detail));
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

  /** The copy to be opened, without its overlay so far. */
  private ModelCopy copy(
      ModelSource source, GraftOverlay overlay, ObservedModel model, CopyAhead ahead)
      throws IOException {
    Path folder = folder(source, overlay);
    if (!folder.equals(temporaryFolder)) {
      background.execute(() -> StaleCopies.remove(folder, Instant.now()));
    }
    ModelCopy skeleton = skeleton(source, model);
    return skeleton == null ? ahead.take(folder) : skeleton;
  }

  /** Returns null when the whole model is to be copied, or the model's folder takes no file. */
  private static @Nullable ModelCopy skeleton(ModelSource source, ObservedModel model)
      throws IOException {
    if (!(source instanceof ModelSource.File given)) {
      return null;
    }
    Path file = Path.of(given.path());
    FileStamp stamp = FileStamp.of(file);
    byte[] skeleton = model.skeleton();
    if (skeleton == null) {
      return null;
    }
    try {
      return ModelCopy.skeleton(skeleton, file, stamp);
    } catch (IOException e) {
      return null;
    }
  }

  private ObservedSession openGrafted(
      OrtEnvironment environment,
      ModelSource source,
      ModelCopy copy,
      OrtSession.SessionOptions applicationOptions,
      OptionsFactory equalOptions,
      ObservedModel model,
      SessionSamples samples,
      GraftOverlay overlay)
      throws OrtException, IOException {
    OrtSession session = null;
    try {
      copy.graft(overlay.bytes());
      HeadStart<String> digest =
          model.certifiedDigest() == null ? null : HeadStart.of(copy::sha256, background, observer);
      session = environment.createSession(copy.path(), applicationOptions);
      copy.truncate();
      OriginalSession original = new OriginalSession(environment, copy.original(), equalOptions);
      OutputMask mask = new OutputMask(session.getOutputNames(), overlay.readingOutput());
      GraftedSession grafted = GraftedSession.of(environment, session, overlay);
      Graft graft = new Graft(grafted, model, original, copy, mask);
      FileStamp stamp = copy.stamp();
      Runnable afterwards =
          source instanceof ModelSource.File file && stamp != null
              ? () -> {
                original.openFrom(Path.of(file.path()), stamp);
                discard(copy);
              }
              : () -> {};
      Certifier certifier =
          new Certifier(
              environment,
              grafted,
              model,
              graft,
              copy,
              equalOptions,
              overlay,
              background,
              afterwards);
      if (digest == null || !certifier.accepted(digest.result())) {
        beginOnce(certifier, graft);
      }
      return new ObservedSession(session, model, samples, graft);
    } catch (OrtException | IOException | RuntimeException | Error e) {
      try (copy) {
        if (session != null) {
          session.close();
        }
      }
      throw e;
    }
  }

  /** When there is time for it, or when the application begins to work with the model. */
  private void beginOnce(Certifier certifier, Graft graft) {
    FutureTask<?> once = new FutureTask<>(certifier, null);
    graft.certifiedBy(once, () -> background.execute(once));
    certification.execute(once);
  }

  /** External data is found beside the model's file, so its copy must lie there too. */
  private Path folder(ModelSource source, GraftOverlay overlay) throws IOException {
    if (!overlay.externalData()) {
      return temporaryFolder;
    }
    Path folder =
        source instanceof ModelSource.File file
            ? Path.of(file.path()).toAbsolutePath().getParent()
            : null;
    if (folder == null) {
      throw new IOException("the model has external data and no folder");
    }
    return folder;
  }

  private static void discard(ModelCopy copy) {
    try {
      copy.close();
    } catch (IOException e) {
      // It is removed when the JVM ends.
    }
  }
}
