package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A probe that scikit-learn learnt, exported as the documentation says and imported, in the built
 * agent. {@code benchmarks/workbench/sklearn_fixture.py} wrote the file: the probe, the tokens of
 * texts, and what scikit-learn's {@code decision_function} says of them.
 */
class SklearnProbeIT {
  private static final String VERSION = "1.29.0";

  @TempDir private Path folder;

  @Test
  void importedProbe_givesTheLogitsOfScikitLearn() throws Exception {
    Path export = folder.resolve("sklearn.json");
    try (InputStream resource = SklearnProbeIT.class.getResourceAsStream("/sklearn-probe.json")) {
      Files.copy(Objects.requireNonNull(resource), export);
    }
    Path packs = folder.resolve("packs");
    WorkbenchCommand.run(
        List.of(
            "pack",
            "import",
            "sklearn",
            export.toString(),
            "--model",
            MiniLm.FILE.toString(),
            "--tokenizer",
            MiniLm.tokenizer(folder).toString(),
            "--id",
            "sklearn",
            "--out",
            packs.resolve("sklearn").toString()));
    JsonObject told = JsonParser.parseString(Files.readString(export)).getAsJsonObject();
    JsonArray ids = told.getAsJsonArray("ids");
    JsonArray decision = told.getAsJsonArray("decision");

    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      try (ChildJvm app =
          Product.observed("io.innerspan.agent.app.BatchApp", VERSION, receiver)
              .property("otel.instrumentation.innerspan.packs", packs.toString())
              .arguments(MiniLm.FILE.toString())
              .start()) {
        app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
        ids.forEach(row -> app.send(line(row.getAsJsonArray())));
        app.closeInput();
        app.awaitSuccess(Product.PATIENCE);
      }
      List<ReceivedSpan> spans =
          receiver.spans().stream()
              .filter(span -> span.name().startsWith("inference"))
              .sorted(Comparator.comparing(span -> span.proto().getStartTimeUnixNano()))
              .toList();
      assertThat(spans).hasSameSizeAs(ids).hasSizeGreaterThan(10);
      for (int i = 0; i < spans.size(); i++) {
        double expected = decision.get(i).getAsDouble();
        // Without calibration the score is the logistic function of the logit.
        double score =
            (double)
                Objects.requireNonNull(
                    spans.get(i).attribute("innerspan.probe.sklearn.score"), "no score");
        assertThat(Math.log(score) - Math.log1p(-score))
            .as("text %d", i)
            .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  private static String line(JsonArray ids) {
    return StreamSupport.stream(ids.spliterator(), false)
        .map(JsonElement::getAsString)
        .collect(Collectors.joining(","));
  }
}
