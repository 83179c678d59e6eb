package io.innerspan.workbench.certify;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.innerspan.onnxruntime.graft.ModelRefusedException;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.session.ModelSource;
import io.innerspan.onnxruntime.session.ObservedSession;
import io.innerspan.onnxruntime.session.RecordedOptions;
import io.innerspan.onnxruntime.session.SessionOpener;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.OnnxFile;
import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a model with a pack's signals in it just as the agent does, and has it certified by what
 * the agent certifies it with.
 */
public final class Certification {
  private final Path file;
  private final OnnxModel structure;
  private final ProbePack pack;

  private Certification(Path file, OnnxModel structure, ProbePack pack) {
    this.file = file;
    this.structure = structure;
    this.pack = pack;
  }

  /**
   * Certifies a pack's signals on a model.
   *
   * @param options the settings of the application's session
   * @throws BadInput when the model is not the pack's, or cannot be certified; with the reason
   */
  public static Certificate of(Path file, ProbePack pack, RecordedOptions options) {
    OnnxFile.existing(file);
    try {
      OnnxModel structure = OnnxModel.scan(file);
      if (structure.externalData()) {
        throw BadInput.in(file, "a model in one file, to be certified", "weights in other files");
      }
      return new Certification(file, structure, pack).certify(options);
    } catch (ModelRefusedException e) {
      throw BadInput.in(file, "an ONNX model", e.reason());
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    } catch (OrtException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw BadInput.in(file, "a model that ONNX Runtime opens", message);
    }
  }

  private Certificate certify(RecordedOptions options) throws IOException, OrtException {
    Observer observer = new Observer();
    Path temporary = Files.createTempDirectory("innerspan-certify");
    try (OrtSession.SessionOptions made = options.create()) {
      SessionOpener opener = new SessionOpener(observer, Runnable::run, temporary);
      ObservedSession session =
          opener.open(
              OrtEnvironment.getEnvironment(),
              ModelSource.of(file.toString()),
              made,
              options,
              options.refusal(false));
      if (!session.close()) {
        session.session().close();
      }
    } finally {
      Files.delete(temporary);
    }
    return observer.certificate(Instant.now());
  }

  private final class Observer implements ModelObserver {
    private @Nullable ModelOpening opening;
    private @Nullable TrialModel model;
    private @Nullable String fault;

    @Override
    public ObservedModel observe(ModelOpening observed) {
      TrialModel made = new TrialModel(structure, pack);
      if (observed.refusal() != null) {
        made.notGrafted(observed.refusal());
      }
      opening = observed;
      model = made;
      return made;
    }

    @Override
    public void fault(String place, Throwable thrown) {
      fault = place + ": " + thrown;
    }

    Certificate certificate(Instant date) {
      String refusal = model == null ? "nothing" : model.refusal();
      if (model == null || opening == null || refusal != null || fault != null) {
        throw BadInput.in(
            file,
            "a model whose outputs keep their bits with the signals of " + pack.label(),
            fault == null ? String.valueOf(refusal) : fault);
      }
      List<String> options = opening.sessionOptions();
      return model.certificate(
          opening.engine(), opening.engineVersion(), options == null ? List.of() : options, date);
    }
  }
}
