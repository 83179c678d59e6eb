package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.agent.ConformanceRun.Outcome;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.models.ExampleShape;
import io.innerspan.testing.models.Padding;
import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models of any kind run with the agent, set to read any model, as they do without it. {@code
 * -Dinnerspan.conformance.models=FOLDER} names a folder of models in the layout of ONNX's backend
 * tests; without it, the project's own small models are the models. {@code
 * -Dinnerspan.conformance.onnxruntime=VERSION} chooses another of the supported versions.
 */
class ConformanceIT {
  private static final String APP = "io.innerspan.agent.app.ConformanceApp";
  private static final String RUNTIME =
      System.getProperty("innerspan.conformance.onnxruntime", "1.29.0");
  private static final String MODELS = System.getProperty("innerspan.conformance.models", "");

  @TempDir Path folder;

  /** By the name in the application, why it cannot be fed. */
  private final Map<String, String> unfed = new LinkedHashMap<>();

  private final Map<String, String> fates = new TreeMap<>();

  @Test
  void models_withAndWithoutUs_giveTheSameBits() throws Exception {
    Path models = MODELS.isEmpty() ? ownModels() : Path.of(MODELS);
    List<String> names = prepare(models);
    JvmCommand without = Product.application(APP, RUNTIME).arguments(prepared().toString());
    ConformanceRun plain = ConformanceRun.of(without, false, names);
    ConformanceRun observed;
    try (OtlpReceiver receiver = OtlpReceiver.start()) {
      JvmCommand with =
          Product.observed(APP, RUNTIME, receiver)
              .property("otel.instrumentation.innerspan.any-model", "true")
              .arguments(prepared().toString());
      observed = ConformanceRun.of(with, true, names);
    }
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      compare(name, plain.outcomes().get(name), observed.outcomes().get(name), differences);
    }
    report(names.size(), differences);
    assertThat(differences).isEmpty();
    assertThat(observed.faults()).isEmpty();
    assertThat(fates.values()).noneMatch(fate -> fate.contains("could not be opened"));
    if (MODELS.isEmpty()) {
      assertOwnModels(names);
    }
  }

  private Path prepared() {
    return folder.resolve("prepared");
  }

  private List<String> prepare(Path models) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path model : ConformanceModels.in(models)) {
      String called = model.getFileName().toString().replaceAll("[^A-Za-z0-9_-]", "_");
      String name =
          "m%04d-".formatted(names.size()) + called.substring(0, Math.min(called.length(), 80));
      String refusal = ConformanceModels.prepare(model, prepared().resolve(name));
      if (refusal != null) {
        unfed.put(name, refusal);
      }
      names.add(name);
    }
    assertThat(names).as("models in " + models).isNotEmpty();
    return names;
  }

  private void compare(String name, Outcome plain, Outcome observed, List<String> differences) {
    boolean steady = plain.pass(0).equals(plain.pass(1)) && plain.pass(0).equals(plain.pass(2));
    boolean same =
        steady
            ? plain.results().equals(observed.results())
            : plain.taken() == observed.taken()
                && plain.results().size() == observed.results().size();
    if (!same) {
      differences.add(name + ": without us " + plain + ", with us " + observed);
    }
    fates.put(name, fate(name, plain, observed));
  }

  private String fate(String name, Outcome plain, Outcome observed) {
    if (observed.decision().contains("readings on")) {
      return "grafted";
    }
    if (plain.taken() == 0) {
      return "untouched: "
          + unfed.getOrDefault(name, "the runtime refuses the model or its inputs");
    }
    String decision = observed.decision();
    int detail = decision.indexOf("without readings: ");
    return detail < 0 ? "undecided" : "refused: " + decision.substring(detail + 18);
  }

  /** Prints the counts, and writes what became of each model. */
  private void report(int models, List<String> differences) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    fates.values().forEach(fate -> counts.merge(kind(fate), 1, Integer::sum));
    StringBuilder text = new StringBuilder();
    text.append("Conformance on ONNX Runtime ").append(RUNTIME).append(": ");
    text.append(models).append(" models, ").append(differences.size()).append(" differ\n");
    counts.forEach((kind, count) -> text.append("%6d %s%n".formatted(count, kind)));
    System.out.print(text);
    fates.forEach((name, fate) -> text.append(name).append(": ").append(fate).append('\n'));
    differences.forEach(difference -> text.append(difference).append('\n'));
    Files.writeString(Path.of("target", "conformance.txt"), text.toString());
  }

  /** The words of a reason without names and numbers. */
  private static String kind(String fate) {
    String words = fate.replaceAll("'[^']*'|\"[^\"]*\"|\\([^)]*\\)", "…").replaceAll("[0-9]+", "#");
    words = words.replaceAll("output \\S+ (differs|is missing)", "output … $1");
    return words.substring(0, Math.min(words.length(), 140));
  }

  private Path ownModels() throws IOException {
    Path models = folder.resolve("models");
    for (SmallModel model :
        SmallModels.where(m -> m.traits().minOrt().number().compareTo(RUNTIME) <= 0)) {
      List<ExampleShape> examples =
          Stream.of(
                  ExampleShape.of(1, 6),
                  ExampleShape.of(3, 7).withPadding(Padding.RIGHT),
                  ExampleShape.of(3, 7).withPadding(Padding.LEFT).withPast(0),
                  model.anyShape())
              .filter(model::accepts)
              .toList();
      ConformanceModels.write(model, examples, models);
    }
    return models;
  }

  /** So that none is refused in silence. */
  private void assertOwnModels(List<String> names) {
    Set<String> others = new TreeSet<>();
    for (String name : names) {
      if (!"grafted".equals(fates.get(name))) {
        others.add(name.substring(name.indexOf('-') + 1));
      }
    }
    assertThat(others)
        .containsExactlyInAnyOrder(
            "decoder-without-mask",
            "encoder-decoder-split",
            "encoder-inside-if",
            "encoder-inside-loop",
            "encoder-without-mask");
  }
}
