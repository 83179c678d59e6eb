package io.innerspan.djl.javaagent;

import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.outputs.OutputForm;
import io.innerspan.djl.outputs.OutputSignals;
import io.innerspan.djl.saliency.SaliencyRefusedException;
import io.innerspan.djl.torchscript.CaptureRefusedException;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptProof;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.opentelemetry.javaagent.innerspan.bridge.LoadedModel;
import io.opentelemetry.javaagent.innerspan.bridge.PredictionObserver;
import io.opentelemetry.javaagent.innerspan.bridge.ReadSignals;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads TorchScript archives that packs are for with a method more, which gives a reading; the
 * original where that is refused, by us or by the engine.
 */
final class ScriptLoading {
  private static final String ENGINE = "pytorch";

  /** Within a load of ours. */
  private static final ThreadLocal<@Nullable Boolean> OURS = new ThreadLocal<>();

  private final PredictionObserver observer;
  private final LoadCall call;

  private ScriptLoading(PredictionObserver observer, LoadCall call) {
    this.observer = observer;
    this.call = call;
  }

  /**
   * Loads an archive in the place of the engine.
   *
   * @param arguments of the engine's method, the archive second
   * @return null when the engine must do it
   */
  static Object @Nullable [] load(PredictionObserver observer, Object[] arguments)
      throws Exception {
    if (OURS.get() != null || !observer.wantsDigests()) {
      return null;
    }
    OURS.set(true);
    try {
      ScriptLoading loading = new ScriptLoading(observer, LoadCall.of(arguments));
      return arguments[1] instanceof Path file
          ? loading.file(file)
          : loading.stream((InputStream) arguments[1]);
    } finally {
      OURS.remove();
    }
  }

  /** A load of our own. */
  interface Load<T> {
    T run() throws IOException, SaliencyRefusedException;
  }

  /** Loads an archive as it is, for ourselves. */
  static <T> T unobserved(Load<T> load) throws IOException, SaliencyRefusedException {
    OURS.set(true);
    try {
      return load.run();
    } finally {
      OURS.remove();
    }
  }

  private Object @Nullable [] file(Path file) throws Exception {
    if (!Files.isReadable(file)) {
      return null; // The engine says so in its own words.
    }
    String sha256 = Digests.of(file);
    WantedSignals wanted = WantedSignals.of(observer, sha256);
    return wanted == null
        ? call.on(file, module -> Readable.unread(file, sha256))
        : read(file, file, sha256, wanted);
  }

  /** A stream can be read once: what it holds is loaded from a copy. */
  private Object[] stream(InputStream stream) throws Exception {
    Path copy = Files.createTempFile("innerspan", ".pt");
    try {
      try {
        StreamCopy.copy(stream, copy, Files::newOutputStream);
      } catch (IOException applications) {
        return Outcome.failure(applications);
      } catch (StreamCopy.CopyFailedException ours) {
        observer.fault("open", ours);
        return call.on(ours.whole(), module -> Readable.unread(null, null));
      }
      try {
        String sha256 = Digests.of(copy);
        WantedSignals wanted = WantedSignals.of(observer, sha256);
        if (wanted != null) {
          return read(copy, null, sha256, wanted);
        }
        return call.on(copy, module -> Readable.unread(null, sha256));
      } catch (Throwable fault) {
        observer.fault("open", fault);
        return call.on(copy, module -> Readable.unread(null, null));
      }
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private Object[] read(Path archive, @Nullable Path file, String sha256, WantedSignals wanted)
      throws Exception {
    Path target = Files.createTempFile("innerspan", ".pt");
    WantedSignals left = wanted;
    try {
      while (true) {
        RewrittenScript script =
            ScriptRewriter.rewrite(archive, target, left.signals(), left.gating());
        ReadSignals reads = left.read(script.layout(), script.refusals());
        if (script.isEmpty()) {
          return call.on(archive, module -> new Readable(file, sha256, reads, null, null, null));
        }
        GoldenProof proof = proof(target, script, left);
        if (proof.agrees()) {
          return read(archive, target, script, file, sha256, left);
        }
        left = left.without(proof); // Each time fewer signals.
      }
    } catch (ArchiveRefusedException e) {
      return closed(archive, file, sha256, left, refusal(e));
    } catch (CaptureRefusedException e) {
      return closed(archive, file, sha256, left, refusal(e));
    } finally {
      Files.deleteIfExists(target);
    }
  }

  private GoldenProof proof(Path target, RewrittenScript script, WantedSignals wanted)
      throws CaptureRefusedException {
    try (ScriptProof live =
        new ScriptProof(script, call.manager(), manager -> call.copy(target, manager))) {
      return GoldenProof.of(wanted.packs(), script.layout(), live);
    }
  }

  private Object[] read(
      Path archive,
      Path target,
      RewrittenScript script,
      @Nullable Path file,
      String sha256,
      WantedSignals proven)
      throws Exception {
    ReadSignals reads = proven.read(script.layout(), script.refusals());
    Object[] outcome =
        call.on(
            target,
            module ->
                new Readable(file, sha256, reads, new ScriptRunner(script, module), null, null));
    Throwable failure = (Throwable) outcome[Outcome.FAILURE];
    return failure == null
        ? outcome
        : closed(
            archive,
            file,
            sha256,
            proven,
            new Refusal(Refusal.Reason.ENGINE_REFUSED, firstLine(failure)));
  }

  /** Loads the original, of which only outputs can be read. */
  private Object[] closed(
      Path archive, @Nullable Path file, String sha256, WantedSignals wanted, Refusal refusal)
      throws Exception {
    OutputSignals outputs =
        wanted.ofOutputs("only outputs: " + refusal.detail(), OutputForm.TENSORS);
    boolean isRead = outputs.layout().size() > 0;
    ReadSignals reads =
        isRead ? wanted.read(outputs.layout(), outputs.refusals()) : wanted.none(refusal);
    Object[] outcome =
        call.on(
            archive,
            module -> new Readable(file, sha256, reads, null, null, isRead ? outputs : null));
    if (outcome[Outcome.FAILURE] != null) {
      // There will be no model, and so nobody else to say it.
      String name = file == null ? null : file.getFileName().toString();
      observer.observe(
          new LoadedModel(ENGINE, "unknown", name, file, sha256, wanted.none(refusal)));
    }
    return outcome;
  }

  private static Refusal refusal(ArchiveRefusedException refused) {
    Refusal.Reason reason =
        switch (refused.reason()) {
          case NOT_AN_ARCHIVE, NOT_TORCHSCRIPT -> Refusal.Reason.UNREADABLE_MODEL;
          case TOO_LARGE, UNSUPPORTED -> Refusal.Reason.UNSUPPORTED_MODEL;
        };
    return new Refusal(reason, String.valueOf(refused.getMessage()));
  }

  private static Refusal refusal(CaptureRefusedException refused) {
    Refusal.Reason reason =
        switch (refused.reason()) {
          case ENGINE_REFUSED -> Refusal.Reason.ENGINE_REFUSED;
          case RUN_FAILED -> Refusal.Reason.RUN_FAILED;
          case OUTPUT_CHANGED -> Refusal.Reason.OUTPUT_CHANGED;
        };
    return new Refusal(reason, String.valueOf(refused.getMessage()));
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }
}
