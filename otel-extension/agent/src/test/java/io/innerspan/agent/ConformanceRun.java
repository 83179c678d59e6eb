package io.innerspan.agent;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * All models through one application, with or without the agent. With it, each model's last runs
 * come after it was decided whether the graft answers.
 */
final class ConformanceRun {
  /** What became of one model. */
  record Outcome(List<String> results, int taken, List<String> said) {
    /** The last word on the graft, or nothing when none was wanted. */
    String decision() {
      return said.isEmpty() ? "" : said.get(said.size() - 1);
    }

    List<String> pass(int pass) {
      String prefix = pass + " ";
      return results.stream()
          .filter(line -> line.startsWith(prefix))
          .map(line -> line.substring(prefix.length()))
          .toList();
    }
  }

  private static final String FAULT = "Innerspan: a fault at ";

  private static final Pattern DECISION =
      Pattern.compile(
          "Innerspan: (readings on for )?(?<model>[\\w-]+)(\\.onnx)? (\\(|runs without a graft)");

  private final JvmCommand command;
  private final boolean observed;
  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  private ConformanceRun(JvmCommand command, boolean observed) {
    this.command = command;
    this.observed = observed;
  }

  /** Runs the models of the names one after the other. */
  static ConformanceRun of(JvmCommand command, boolean observed, List<String> models) {
    ConformanceRun run = new ConformanceRun(command, observed);
    try (ChildJvm app = command.start()) {
      models.forEach(model -> run.run(app, model));
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      run.sort(app.log(), models);
    }
    return run;
  }

  Map<String, Outcome> outcomes() {
    return outcomes;
  }

  /** What the agent said of faults of its own, each followed by the line that says what it is. */
  List<String> faults() {
    return faults;
  }

  private void run(ChildJvm app, String model) {
    app.send(model);
    String ran = app.awaitLine(model + ": ran ", Product.PATIENCE).text();
    if (observed && !ran.endsWith(" 0")) {
      app.awaitLine(
          "decision on " + model, line -> isDecision(line.text(), model), Product.PATIENCE);
    }
    app.send("again");
    app.awaitLine(model + ": closed", Product.PATIENCE);
  }

  private void sort(List<LogLine> log, List<String> models) {
    Map<String, List<String>> results = new LinkedHashMap<>();
    Map<String, List<String>> said = new LinkedHashMap<>();
    Map<String, Integer> taken = new LinkedHashMap<>();
    boolean thrown = false;
    for (LogLine line : log) {
      String text = line.text();
      int colon = text.indexOf(": ");
      String rest = text.substring(colon < 0 ? 0 : colon + 2);
      if (line.stream() == LogLine.Stream.ERR) {
        boolean fault = text.contains(FAULT);
        if (fault || thrown) {
          faults.add(text);
        }
        thrown = fault;
        sortLog(text, models, said);
      } else if (rest.startsWith("result ")) {
        String model = text.substring(0, colon);
        results.computeIfAbsent(model, m -> new ArrayList<>()).add(rest.substring(7));
      } else if (rest.startsWith("ran ")) {
        taken.put(text.substring(0, colon), Integer.valueOf(rest.substring(4)));
      }
    }
    for (String model : models) {
      outcomes.put(
          model,
          new Outcome(
              results.getOrDefault(model, List.of()),
              taken.getOrDefault(model, 0),
              said.getOrDefault(model, List.of())));
    }
  }

  private void sortLog(String text, List<String> models, Map<String, List<String>> said) {
    Matcher decision = DECISION.matcher(text);
    if (decision.find() && models.contains(decision.group("model"))) {
      said.computeIfAbsent(decision.group("model"), model -> new ArrayList<>()).add(text);
    }
  }

  private static boolean isDecision(String text, String model) {
    Matcher decision = DECISION.matcher(text);
    return decision.find() && decision.group("model").equals(model);
  }
}
