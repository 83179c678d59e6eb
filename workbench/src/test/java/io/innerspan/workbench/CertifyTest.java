package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.PackCertificates;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quickstart's pack, certified on its model. */
class CertifyTest {
  private static final Path QUICKSTART = Path.of("..", "examples", "quickstart", "pack");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pack", "pack.zip"})
  void certify_packOnItsModel_writesACertificateIntoThePack(String name) throws IOException {
    Path place = folder.resolve(name);
    ProbePack pack = PackWriter.write(place, PackReader.read(QUICKSTART));

    Command command = Command.run("inspect", MiniLm.model(), "--certify", "--pack", place);

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out())
        .contains("outputs bit-identical", "input_ids=[2, 33]", "golden      3 inputs agreed");
    PackCertificates written = PackCertificates.read(place, pack);
    assertThat(written.refusals()).isEmpty();
    Certificate certificate = written.certificates().get(0);
    assertThat(certificate.model()).isEqualTo(pack.model().sha256());
    assertThat(certificate.pack()).isEqualTo(pack.digest());
    assertThat(certificate.platform()).isEqualTo(Platform.current());
    assertThat(certificate.sessionOptions()).isEmpty();
    assertThat(certificate.excludedTaps()).isEmpty();
    assertThat(certificate.goldenInputs()).isEqualTo(3);
    assertThat(certificate.inputs()).hasSize(6); // Three golden ones, three made up.
    assertThat(Command.run("check", place, "--model", MiniLm.model()).out())
        .contains("certificates: 1");
  }

  @Test
  void certify_withSettings_isForThese_andJsonIsTheCertificate() throws IOException {
    PackWriter.write(folder, PackReader.read(QUICKSTART));

    Command command =
        Command.run(
            "inspect",
            MiniLm.model(),
            "--certify",
            "--json",
            "--pack",
            folder,
            "--optimization-level",
            "BASIC_OPT",
            "--intra-op-threads",
            1,
            "--session-config",
            "session.intra_op.allow_spinning=0");

    assertThat(command.exitCode()).as(command.err()).isZero();
    ProbePack pack = PackReader.read(folder);
    Certificate certificate = PackCertificates.read(folder, pack).certificates().get(0);
    assertThat(command.out()).isEqualTo(certificate.json());
    assertThat(certificate.sessionOptions())
        .isEqualTo(
            List.of(
                "addConfigEntry(session.intra_op.allow_spinning, 0)",
                "setIntraOpNumThreads(1)",
                "setOptimizationLevel(BASIC_OPT)"));
  }

  @Test
  void certify_onAnotherModel_isRefused_andWritesNothing() throws IOException {
    PackWriter.write(folder.resolve("pack"), PackReader.read(QUICKSTART));
    Path other = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());

    Command command = Command.run("inspect", other, "--certify", "--pack", folder.resolve("pack"));

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err().lines()).hasSize(1);
    assertThat(command.err()).contains("tiny.onnx: expected", "found");
    assertNoCertificate();
  }

  @Test
  void certify_packThatItsModelContradicts_isRefused_andWritesNothing() throws IOException {
    Path place = folder.resolve("pack");
    ProbePack right = PackReader.read(QUICKSTART);
    var builder = ProbePack.builder(right.name(), right.version(), right.licence(), right.model());
    right
        .probes()
        .forEach(
            probe ->
                builder.probe(
                    probe,
                    right.goldenActivation(probe.id()).x(),
                    right.goldenActivation(probe.id()).logit()));
    right.goldenInputs().stream().map(CertifyTest::wrong).forEach(builder::goldenInput);
    PackWriter.write(place, builder.build());

    Command command = Command.run("inspect", MiniLm.model(), "--certify", "--pack", place);

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("golden input 0: probe prompt_injection, row 0: expected");
    assertNoCertificate();
  }

  private static io.innerspan.signals.pack.GoldenInput wrong(
      io.innerspan.signals.pack.GoldenInput golden) {
    var logits = new java.util.TreeMap<>(golden.logits());
    logits.replaceAll(
        (probe, logit) -> {
          float[] values = logit.toFloats();
          values[0] += 1;
          return io.innerspan.signals.safetensors.Tensor.ofFloats(values, logit.shape());
        });
    return new io.innerspan.signals.pack.GoldenInput(golden.inputs(), logits);
  }

  @Test
  void certify_withoutAPack_saysWhatIsMissing() {
    Command command = Command.run("inspect", MiniLm.model(), "--certify");

    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("--pack");
  }

  private void assertNoCertificate() throws IOException {
    try (var files = Files.walk(folder)) {
      assertThat(files).noneMatch(file -> file.toString().contains("certificate"));
    }
  }
}
