package io.innerspan.workbench;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.innerspan.onnxruntime.session.RecordedOptions;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.PackCertificates;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.certify.Certification;
import io.innerspan.workbench.certify.SessionSettings;
import io.innerspan.workbench.data.BadInput;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code innerspan inspect --certify} is asked, and what it does. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class CertifyOptions {
  @Option(
      names = "--certify",
      required = true,
      description = {
        "Instead: compare the model's outputs bit by bit with and without the pack's signals, as the"
            + " agent does when an application opens the model, and write a certificate into the"
            + " pack. Where model, pack, ONNX Runtime, processor and session settings are the"
            + " same, the agent takes its word and reads from the first inference on."
      })
  private boolean certify;

  @Option(names = "--pack", required = true, description = "The probe pack, a folder or a zip.")
  private Path pack;

  @Option(
      names = "--optimization-level",
      description = "As the application sets it: ${COMPLETION-CANDIDATES}.")
  private @Nullable OptLevel optimization;

  @Option(names = "--intra-op-threads", description = "As the application sets it.")
  private @Nullable Integer intraOpThreads;

  @Option(names = "--inter-op-threads", description = "As the application sets it.")
  private @Nullable Integer interOpThreads;

  @Option(
      names = "--session-config",
      paramLabel = "KEY=VALUE",
      description = "A configuration entry as the application adds it.")
  private Map<String, String> entries = new LinkedHashMap<>();

  /** Certifies, writes the certificate and prints it. */
  void run(Path model, boolean json, PrintWriter print) throws PackException {
    ProbePack read = PackReader.read(pack);
    Certificate certificate = Certification.of(model, read, settings());
    String file = PackCertificates.write(pack, certificate);
    if (json) {
      print.print(certificate.json());
    } else {
      print.println("certified   " + read.label() + " on " + model);
      print.println("result      outputs bit-identical, gates open and closed");
      print.println("engine      " + certificate.engine() + " " + certificate.engineVersion());
      print.println("platform    " + certificate.platform());
      print.println("settings    " + orDefaults(certificate.sessionOptions()));
      certificate.inputs().forEach(input -> print.println("input       " + input));
      print.println("golden      " + certificate.goldenInputs() + " inputs agreed");
      certificate.excludedTaps().forEach(tap -> print.println("left out    " + tap));
      print.println("certificate " + file + " in " + pack);
    }
    print.flush();
  }

  private RecordedOptions settings() {
    try {
      return new SessionSettings(optimization, intraOpThreads, interOpThreads, entries).record();
    } catch (OrtException e) {
      String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new BadInput("expected settings that ONNX Runtime takes, found " + message);
    }
  }

  private static String orDefaults(Iterable<String> settings) {
    String joined = String.join(", ", settings);
    return joined.isEmpty() ? "defaults" : joined;
  }
}
