package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Makes a graft for a session that is open: copies the model, and has the graft certified when
 * there is time for it, or when the application begins to work with the session.
 */
final class GraftPreparation {
  private static final String NOT_OPENED = "the graft could not be opened: ";

  private final OrtEnvironment environment;
  private final ModelSource source;
  private final @Nullable FileStamp stamp;
  private final OptionsFactory options;
  private final ObservedSession session;
  private final OriginalSession original;
  private final ModelObserver observer;
  private final Executor background;
  private final Executor certification;
  private final Path temporaryFolder;

  /**
   * @param stamp of the model's file before the session was opened; null for a model in memory
   * @param options makes options equal to the session's
   */
  GraftPreparation(
      OrtEnvironment environment,
      ModelSource source,
      @Nullable FileStamp stamp,
      OptionsFactory options,
      ObservedSession session,
      OriginalSession original,
      ModelObserver observer,
      Executor background,
      Executor certification,
      Path temporaryFolder) {
    this.environment = environment;
    this.source = source;
    this.stamp = stamp;
    this.options = options;
    this.session = session;
    this.original = original;
    this.observer = observer;
    this.background = background;
    this.certification = certification;
    this.temporaryFolder = temporaryFolder;
  }

  /**
   * Prepares a graft if the model is to have one; never throws. When it returns nobody reads what
   * the application handed over.
   */
  void prepare(CopyAhead ahead) {
    boolean entered = Bypass.enter();
    ObservedModel model = null;
    try (ahead) {
      if (session.closed()) {
        return;
      }
      model = session.observation().model();
      GraftOverlay overlay = model == null ? null : model.overlay();
      if (model != null && overlay != null) {
        prepare(model, overlay, copy(model, overlay, ahead));
        return;
      }
      session.notGrafted();
      if (model != null) {
        model.opened();
      }
    } catch (Throwable e) {
      refuse(model, e);
    } finally {
      Bypass.exit(entered);
    }
  }

  private void refuse(@Nullable ObservedModel model, Throwable failure) {
    session.notGrafted();
    try {
      if (model != null && !session.closed()) {
        model.notGrafted(new Refusal(Reason.INTERNAL_FAULT, NOT_OPENED + failure));
      }
    } catch (Throwable fault) {
      Faults.report(observer, "open", fault);
    }
  }

  private void prepare(ObservedModel model, GraftOverlay overlay, ModelCopy copy)
      throws OrtException, IOException {
    Graft graft = null;
    try {
      if (stamp != null && !stamp.equals(copy.stamp())) {
        throw new IOException("the model's file changed while it was opened");
      }
      original.openFrom(copy.original());
      OutputMask mask = new OutputMask(session.outputNames(), overlay.readingOutput());
      graft = new Graft(model, original, copy, mask);
    } finally {
      if (graft == null) {
        copy.close();
      }
    }
    if (!session.graft(graft)) {
      graft.close();
      return;
    }
    try {
      certify(model, graft, copy, overlay);
    } catch (Throwable e) { // Such as a thread that could not be started.
      graft.refuse(Reason.INTERNAL_FAULT, NOT_OPENED + e);
    }
  }

  private void certify(ObservedModel model, Graft graft, ModelCopy copy, GraftOverlay overlay) {
    Certifier certifier =
        new Certifier(
            environment, model, graft, copy, options, overlay, background, afterwards(copy));
    if (model.certifiedDigest() == null) {
      beginOnce(certifier, graft);
      return;
    }
    session.acceptedBy(HeadStart.of(() -> acceptOrBegin(certifier, graft), background, observer));
  }

  private boolean acceptOrBegin(Certifier certifier, Graft graft) {
    boolean accepted = certifier.accepted();
    if (!accepted) {
      try {
        beginOnce(certifier, graft);
      } catch (Throwable e) { // Such as a thread that could not be started.
        graft.refuse(Reason.INTERNAL_FAULT, NOT_OPENED + e);
      }
    }
    return accepted;
  }

  /** When there is time for it, or when the application begins to work with the model. */
  private void beginOnce(Certifier certifier, Graft graft) {
    FutureTask<?> once = new FutureTask<>(certifier, null);
    Executor executor = background; // Not what else this object holds, such as the model's bytes.
    graft.certifiedBy(once, () -> executor.execute(once));
    certification.execute(once);
  }

  /** Once it is decided, the application's own file is the original. */
  private Runnable afterwards(ModelCopy copy) {
    FileStamp copied = copy.stamp();
    if (!(source instanceof ModelSource.File file) || copied == null) {
      return () -> {};
    }
    return () -> {
      original.openFrom(Path.of(file.path()), copied);
      discard(copy);
    };
  }

  private static void discard(ModelCopy copy) {
    try {
      copy.close();
    } catch (IOException e) {
      // It is removed when the JVM ends.
    }
  }

  /** The copy to be opened, without its overlay so far. */
  private ModelCopy copy(ObservedModel model, GraftOverlay overlay, CopyAhead ahead)
      throws IOException {
    Path folder = folder(overlay);
    if (!folder.equals(temporaryFolder)) {
      background.execute(() -> StaleCopies.remove(folder, Instant.now()));
    }
    ModelCopy skeleton = skeleton(model);
    return skeleton == null ? ahead.take(folder) : skeleton;
  }

  /** Returns null when the whole model is to be copied, or the model's folder takes no file. */
  private @Nullable ModelCopy skeleton(ObservedModel model) throws IOException {
    if (!(source instanceof ModelSource.File given)) {
      return null;
    }
    Path file = Path.of(given.path());
    FileStamp before = FileStamp.of(file);
    byte[] skeleton = model.skeleton();
    if (skeleton == null) {
      return null;
    }
    try {
      return ModelCopy.skeleton(skeleton, file, before);
    } catch (IOException e) {
      return null;
    }
  }

  /** External data is found beside the model's file, so its copy must lie there too. */
  private Path folder(GraftOverlay overlay) throws IOException {
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
}
