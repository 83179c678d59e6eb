package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.recorder.ModelNames;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.recorder.Recorder;
import io.innerspan.recorder.RecorderSettings;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCheckTest {
  /** Of {@code abc}, as FIPS 180-4's examples have it. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String OTHER = "cd".repeat(32);

  @TempDir Path folder;
  private final InMemoryLogRecordExporter logs = InMemoryLogRecordExporter.create();
  private final Recorder recorder =
      new Recorder(
          OpenTelemetrySdk.builder()
              .setLoggerProvider(
                  SdkLoggerProvider.builder()
                      .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                      .build())
              .build(),
          RecorderSettings.all(),
          "0.1.0");
  private Path model;
  private Path tokenizer;

  @BeforeEach
  void place() {
    model = folder.resolve("model.onnx");
    tokenizer = folder.resolve(TokenizerCheck.FILE);
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  @Test
  void reading_packOfAnotherTokenizer_isTold() throws IOException {
    write("abc");
    TokenizerCheck before = check();
    before.look(model);
    before.reading(List.of(pack(OTHER)));
    before.reading(List.of());

    assertThat(monitors()).containsExactly("tokenizer_mismatch");
    assertThat(attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + OTHER);
    assertThat(attribute("innerspan.tokenizer.hash")).isEqualTo("sha256:" + ABC);
  }

  @Test
  void look_afterThePacksRead_isTheSame() throws IOException {
    write("abc");
    TokenizerCheck check = check();
    check.reading(List.of(pack(OTHER)));
    assertThat(monitors()).isEmpty();

    check.look(model);
    assertThat(monitors()).containsExactly("tokenizer_mismatch");
  }

  @Test
  void reading_packOfThisTokenizerOrOfNone_isNotTold() throws IOException {
    write("abc");
    TokenizerCheck check = check();
    check.look(model);
    check.reading(List.of(pack(ABC), TestPacks.pack("b", OTHER, null)));

    assertThat(monitors()).isEmpty();
  }

  @Test
  void look_atAnotherTokenizerThanBefore_isTold() throws IOException {
    write("abc");
    check().look(model);
    check().look(model);
    write("abd");
    check().look(model);

    assertThat(monitors()).containsExactly("tokenizer_change");
    assertThat(attribute("innerspan.finding.baseline")).isEqualTo("sha256:" + ABC);
  }

  @Test
  void look_whereNoneIs_saysNothing() throws IOException {
    check().look(model);
    Files.createDirectory(tokenizer);
    check().look(model);

    TokenizerCheck check = check();
    check.look(Path.of("model.onnx"));
    check.reading(List.of(pack(OTHER)));
    assertThat(monitors()).isEmpty();
  }

  @Test
  void look_atAFileThatIsTooLarge_leavesItOut() throws IOException {
    TokenizerCheck check = check();
    check.reading(List.of(pack(OTHER)));
    try (RandomAccessFile file = new RandomAccessFile(tokenizer.toFile(), "rw")) {
      file.setLength(TokenizerCheck.LARGEST + 1);
      check.look(model);
      assertThat(monitors()).isEmpty();

      file.setLength(TokenizerCheck.LARGEST);
      check.look(model);
      assertThat(monitors()).containsExactly("tokenizer_mismatch");
    }
  }

  private void write(String text) throws IOException {
    Files.write(tokenizer, text.getBytes(StandardCharsets.UTF_8));
  }

  private TokenizerCheck check() {
    ModelTelemetry telemetry =
        recorder.model(new ModelNames("tiny", "model.onnx", "onnxruntime", "1", model.toString()));
    return new TokenizerCheck("tiny", telemetry, recorder.health());
  }

  private static ProbePack pack(String tokenizer) {
    return ProbePack.builder("a", "1.0.0", "Apache-2.0", new ModelIdentity("tiny", OTHER, null))
        .tokenizer(new TokenizerIdentity(tokenizer))
        .signal(TestPacks.norm("n"))
        .build();
  }

  private List<String> monitors() {
    return logs.getFinishedLogRecordItems().stream()
        .map(event -> event.getAttributes().get(AttributeKey.stringKey("innerspan.monitor.id")))
        .toList();
  }

  private String attribute(String name) {
    List<LogRecordData> events = logs.getFinishedLogRecordItems();
    return events.get(events.size() - 1).getAttributes().get(AttributeKey.stringKey(name));
  }
}
