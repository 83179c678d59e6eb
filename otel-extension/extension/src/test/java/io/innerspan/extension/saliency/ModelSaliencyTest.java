package io.innerspan.extension.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.testing.models.Tabular;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException;
import io.opentelemetry.javaagent.innerspan.bridge.SaliencyMissingException.Reason;
import io.opentelemetry.javaagent.innerspan.bridge.TokenEmbedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a model of tokens starts, and what is said of it. */
class ModelSaliencyTest {
  private static final Logger LOGGER = Logger.getLogger(ModelSaliency.class.getName());

  private final Told told = new Told();
  private final ModelSaliency model =
      told.explainer(
              new SaliencySettings(
                  1, false, SaliencyMethod.INTEGRATED_GRADIENTS, Baseline.ZERO, 100, null))
          .of("model", told.model("model"));
  private final Said said = new Said();

  @TempDir Path folder;

  private static final class Said extends Handler {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void publish(LogRecord line) {
      lines.add(line.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(said);
  }

  @AfterEach
  void close() {
    LOGGER.removeHandler(said);
    LOGGER.setUseParentHandlers(true);
    told.close();
  }

  @Test
  void embedding_aTransformer_saysWhereItStarts() throws Exception {
    Path file = write(TransformerFixture.postNorm().bytes());

    TokenEmbedding embedding = model.embedding(file, "input_ids");

    assertThat(embedding.edits()).hasSize(1);
    assertThat(embedding.appended()).isNotEmpty();
    assertThat(embedding.maskInput()).isNotEqualTo(embedding.valuesInput());
    assertThat(said.lines)
        .containsExactly("Innerspan: tokens of model are explained from " + embedding.tensor());
  }

  @Test
  void embedding_whereThereIsNone_isRefusedWithTheReason() throws Exception {
    Path file = write(Tabular.mlp().bytes());
    Path broken = write("no model");

    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> model.embedding(file, "ids"))
        .withMessage("expected one table that ids is looked up in, found 0")
        .matches(missing -> missing.reason() == Reason.UNSUPPORTED);
    assertThatExceptionOfType(SaliencyMissingException.class)
        .isThrownBy(() -> model.embedding(broken, "ids"))
        .withMessageStartingWith("not an ONNX model: ");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> model.embedding(folder.resolve("nowhere"), "ids"));
    assertThat(said.lines).isEmpty();
  }

  @Test
  void occluded_moreThanOnce_isSaidOnce() {
    model.occluded("expected one thing, found another");
    model.occluded("expected another thing");

    assertThat(said.lines)
        .containsExactly(
            "Innerspan: tokens of model are explained by occlusion: expected one thing, found"
                + " another");
    assertThat(model.isSampled()).isTrue();
  }

  private Path write(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "model", ".onnx"), bytes);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "model", ".onnx"), text);
  }
}
