package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackCertificatesTest {
  private static final Platform PLATFORM = new Platform("linux", "amd64", List.of("avx2", "fma"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pack", "pack.zip"})
  void write_besideAPack_isReadBack_andThePackStaysTheSame(String name) throws IOException {
    Path place = folder.resolve(name);
    ProbePack pack = PackWriter.write(place, TestPacks.full());
    Certificate certificate = certificate(pack, "1.29.0");

    String file = PackCertificates.write(place, certificate);

    assertThat(file).matches("certificate-[0-9a-f]{16}\\.json");
    assertThat(PackReader.read(place).digest()).isEqualTo(pack.digest());
    PackCertificates read = PackCertificates.read(place, pack);
    assertThat(read.refusals()).isEmpty();
    assertThat(read.certificates()).containsExactly(certificate);
    assertThat(PackFolder.scan(folder).certificates()).containsExactly(certificate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pack", "pack.zip"})
  void write_again_replacesOnlyTheOneForTheSameCircumstances(String name) throws IOException {
    Path place = folder.resolve(name);
    ProbePack pack = PackWriter.write(place, TestPacks.full());
    PackCertificates.write(place, certificate(pack, "1.20.0"));
    PackCertificates.write(place, certificate(pack, "1.29.0"));
    PackCertificates.write(place, certificate(pack, "1.29.0"));

    assertThat(PackCertificates.read(place, pack).certificates())
        .extracting(Certificate::engineVersion)
        .containsExactlyInAnyOrder("1.20.0", "1.29.0");
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(1); // No temporary files.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.29.0, 1.30.0, sha256",
    "avx2, avx1, sha256",
    "bit_identical, nearly_identical, result",
    "schema_version\": \"1, schema_version\": \"2, schema_version",
    "\"engine\", \"motor\", engine",
    "'{', '[', JSON"
  })
  void read_changedByHand_isOneRefusal_andThePackIsRead(String from, String to, String what)
      throws IOException {
    ProbePack pack = PackWriter.write(folder, TestPacks.full());
    Path file = folder.resolve(PackCertificates.write(folder, certificate(pack, "1.29.0")));
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));

    PackFolder found = PackFolder.scan(folder);

    assertThat(found.packs()).hasSize(1);
    assertThat(found.refusals()).isEmpty();
    assertThat(found.certificates()).isEmpty();
    assertThat(found.certificateRefusals())
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.what()).isEqualTo(what);
              assertThat(refusal.getMessage()).contains(file.getFileName().toString());
            });
  }

  @Test
  void read_everyChangedByte_neverGivesAnotherCertificate() throws IOException {
    ProbePack pack = PackWriter.write(folder, TestPacks.full());
    Certificate certificate = certificate(pack, "1.29.0");
    Path file = folder.resolve(PackCertificates.write(folder, certificate));
    byte[] right = Files.readAllBytes(file);
    for (int i = 0; i < right.length; i++) {
      byte[] damaged = right.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      PackCertificates read = PackCertificates.read(folder, pack);
      // White space may change without harm.
      assertThat(read.certificates()).as("byte %s", i).allMatch(certificate::equals);
      assertThat(read.certificates().size() + read.refusals().size()).isEqualTo(1);
    }
  }

  @Test
  void read_ofAnotherPack_isRefused() throws IOException {
    PackWriter.write(folder, TestPacks.full());
    ProbePack other = TestPacks.small("other", "p");
    PackCertificates.write(folder, certificate(other, "1.29.0"));

    assertThat(PackFolder.scan(folder).certificateRefusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.actual()).isEqualTo(other.digest()));
  }

  @Test
  void read_hugeOrTooMany_isRefused() throws IOException {
    ProbePack pack = PackWriter.write(folder, TestPacks.full());
    Files.write(folder.resolve("certificate-huge.json"), new byte[1 << 20]);
    assertThat(PackCertificates.read(folder, pack).refusals()).hasSize(1);
    for (int i = 0; i < 40; i++) {
      Files.writeString(folder.resolve("certificate-" + i + ".json"), "{}", StandardCharsets.UTF_8);
    }
    assertThat(PackCertificates.read(folder, pack).refusals())
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.expected()).isEqualTo("at most 32"));
  }

  @Test
  void difference_namesTheFirstCircumstanceThatDiffers() {
    Certificate certificate = certificate(TestPacks.full(), "1.29.0");
    List<String> options = List.of("setIntraOpNumThreads(1)");
    assertThat(certificate.difference("onnxruntime", "1.29.0", PLATFORM, options)).isNull();
    assertThat(certificate.difference("onnxruntime", "1.20.0", PLATFORM, options))
        .isEqualTo("expected onnxruntime 1.29.0, found onnxruntime 1.20.0");
    assertThat(
            certificate.difference(
                "onnxruntime", "1.29.0", new Platform("linux", "amd64", List.of()), options))
        .isEqualTo("expected linux/amd64 [avx2, fma], found linux/amd64 []");
    assertThat(certificate.difference("onnxruntime", "1.29.0", PLATFORM, List.of()))
        .contains("expected session options [setIntraOpNumThreads(1)], found session options []");
    assertThat(certificate.difference("onnxruntime", "1.29.0", PLATFORM, null))
        .endsWith("found session options that are not known");
  }

  @Test
  void schema_acceptsWhatIsWritten_andNothingElse() throws IOException {
    JsonSchema schema;
    try (InputStream text = Certificate.class.getResourceAsStream("certificate.schema.json")) {
      schema = JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(text);
    }
    String json = certificate(TestPacks.full(), "1.29.0").json();
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    for (String field : List.of("pack", "engine", "inputs", "sha256", "result")) {
      assertThat(schema.validate(json.replace("\"" + field + "\"", "\"x\""), InputFormat.JSON))
          .as(field)
          .isNotEmpty();
    }
  }

  private static Certificate certificate(ProbePack pack, String version) {
    return new Certificate(
        pack.digest(),
        pack.model().sha256(),
        "0a".repeat(32),
        "onnxruntime",
        version,
        PLATFORM,
        List.of("setIntraOpNumThreads(1)"),
        List.of("/layer/0/Add_output_0"),
        List.of(Map.of("input_ids", List.of(1L, 8L)), Map.of("input_ids", List.of(2L, 33L))),
        2,
        Instant.parse("2026-01-31T12:34:56.789Z"));
  }
}
