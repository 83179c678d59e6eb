package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.session.RecordedOptions;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.PackCertificates;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import io.innerspan.workbench.certify.Certification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack that the workbench certified on the engine of this JVM. */
class CertificateIT {
  private static final String APP = "io.innerspan.agent.app.BatchApp";
  private static final String INPUT = "101,2129,2079,1045,25141,102";
  private static final String SCORE = "innerspan.probe.certified_0.score";

  /** The version on this test's own class path, by which the certificate is made. */
  private static final String CERTIFIED = System.getProperty("innerspan.onnxruntime");

  @TempDir static Path folder;
  private static Path certificate;

  @BeforeAll
  static void certify() throws Exception {
    ProbePack pack = new SeededPack("certified", 8).write(folder);
    Certificate made = Certification.of(MiniLm.FILE, pack, new RecordedOptions());
    certificate = folder.resolve(PackCertificates.write(folder, made));
  }

  @Test
  void certifiedPack_readsFromTheFirstInferenceOn_andNothingIsCertifiedInTheBackground()
      throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, folder, CERTIFIED)) {
      List<ReceivedSpan> spans = run(app, receiver);
      assertThat(spans).hasSize(2).allMatch(span -> span.attribute(SCORE) != null);
      assertThat(log(app, "readings on"))
          .singleElement()
          .asString()
          .contains("; certified beforehand, ");
      assertThat(log(app, "certified now")).isEmpty();
      assertThat(log(app, "WARN")).isEmpty();
    }
  }

  @Test
  void certifiedPack_onAnotherVersionOfTheEngine_isCertifiedAnew_andSaysSoOnce() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, folder, "1.20.0")) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      List<ReceivedSpan> spans = run(app, receiver);
      assertThat(spans).hasSize(2).allMatch(span -> span.attribute(SCORE) != null);
      assertThat(log(app, "certified now"))
          .singleElement()
          .asString()
          .contains("expected onnxruntime " + CERTIFIED + ", found onnxruntime 1.20.0");
      assertThat(log(app, "readings on").get(0)).doesNotContain("beforehand");
    }
  }

  @Test
  void forgedCertificate_isOneClearMessage_andTheModelIsCertifiedAsEver(@TempDir Path forged)
      throws Exception {
    for (String name : folder.toFile().list()) {
      Files.copy(folder.resolve(name), forged.resolve(name));
    }
    Path copy = forged.resolve(certificate.getFileName());
    Files.writeString(copy, Files.readString(copy).replace(CERTIFIED, "1.20.0"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, forged, "1.20.0")) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      List<ReceivedSpan> spans = run(app, receiver);
      assertThat(spans).hasSize(2).allMatch(span -> span.attribute(SCORE) != null);
      assertThat(log(app, "WARN"))
          .singleElement()
          .asString()
          .contains("a certificate is not used", certificate.getFileName().toString(), "sha256");
      assertThat(log(app, "readings on").get(0)).doesNotContain("beforehand");
    }
  }

  private ChildJvm start(OtlpReceiver receiver, Path pack, String onnxRuntime) {
    return Product.observed(APP, onnxRuntime, receiver)
        .property("otel.instrumentation.innerspan.packs", pack.toString())
        .arguments(MiniLm.FILE.toString())
        .start();
  }

  /** Two inferences, the first as soon as the session is open. */
  private static List<ReceivedSpan> run(ChildJvm app, OtlpReceiver receiver) {
    app.send(INPUT);
    app.send(INPUT);
    app.closeInput();
    app.awaitSuccess(Product.PATIENCE);
    return receiver.spans().stream().filter(s -> s.name().startsWith("inference")).toList();
  }

  private static List<String> log(ChildJvm app, String part) {
    return app.lines(LogLine.Stream.ERR).stream()
        .filter(line -> line.contains("Innerspan") && line.contains(part))
        .toList();
  }
}
