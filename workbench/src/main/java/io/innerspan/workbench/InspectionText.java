package io.innerspan.workbench;

import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.workbench.inspect.CostReport;
import io.innerspan.workbench.inspect.Inspection;
import io.innerspan.workbench.inspect.KindSurvey;
import io.innerspan.workbench.inspect.SignalCost;
import io.innerspan.workbench.inspect.SignalSurvey;
import io.innerspan.workbench.model.ModelReport;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An inspection for people, at most 100 columns wide where the model's own names allow it. */
final class InspectionText {
  private static final int COLUMNS = 100;
  private static final int INDENT = 4;

  private final Inspection inspection;
  private final PrintWriter print;

  InspectionText(Inspection inspection, PrintWriter print) {
    this.inspection = inspection;
    this.print = print;
  }

  void print() {
    header(inspection.report());
    sites();
    if (!inspection.kinds().isEmpty()) {
      signals();
      refusals();
    }
  }

  private void header(ModelReport report) {
    print.println("sha256     " + report.sha256());
    print.println("structure  " + (report.structure() == null ? "-" : report.structure()));
    if (report.opset() != null) {
      print.println("onnx       opset " + report.opset() + ", IR " + report.irVersion());
    }
    report.inputs().forEach(tensor -> tensor("input", tensor));
    report.outputs().forEach(tensor -> tensor("output", tensor));
    print.println("mask       " + (report.maskInput() == null ? "-" : report.maskInput()));
    print.println("layers     " + report.layers());
    String refused = report.refused();
    if (refused != null) {
      wrapped("note       " + refused, INDENT);
    }
  }

  private void tensor(String what, TensorInfo tensor) {
    line("%-10s %s %s %s", what, tensor.name(), type(tensor), tensor.shapeText());
  }

  private void sites() {
    int name = "place".length();
    for (TapPoint tap : inspection.sites()) {
      name = Math.max(name, tap.hookPoint().name().length());
    }
    if (inspection.sites().isEmpty()) {
      return;
    }
    String format = "%-" + name + "s  %-8s  %-8s  %5s  %s";
    print.println();
    line(format, "place", "tap", "type", "width", "signals");
    boolean breaking = false;
    for (TapPoint tap : inspection.sites()) {
      breaking |= tap.breaksFusion();
      line(
          format,
          tap.hookPoint().name(),
          tap.safety().name().toLowerCase(Locale.ROOT) + (tap.breaksFusion() ? "*" : ""),
          type(tap.tensor()),
          width(tap),
          String.join(" ", SignalSurvey.groupsAt(tap.hookPoint().name(), inspection.kinds())));
    }
    if (breaking) {
      print.println("* ONNX Runtime may lose a fused operator there: slower, and certified first");
    }
  }

  private static String width(TapPoint tap) {
    if (tap.layout() == TapPoint.Layout.PATTERN) {
      return "-";
    }
    return tap.width() < 0 ? "?" : Long.toString(tap.width());
  }

  private void signals() {
    CostReport costs = inspection.costs();
    print.println();
    line("%-20s  %6s  %9s  %s", "signal", "places", "cost", "measured");
    for (KindSurvey survey : inspection.kinds()) {
      line(
          "%-20s  %6s  %9s  %s",
          survey.kind().label(), survey.possible().size(), cost(survey), measured(survey));
    }
    SignalCost noise = costs.noise();
    if (noise == null) {
      wrapped("costs not measured: " + costs.left(), INDENT);
      return;
    }
    line("%-20s  %6s  %9s  %s", "(the model itself)", "", percent(noise), "noise: two equal ones");
    wrapped(
        String.format(
            Locale.ROOT,
            "The cost of an inference that computes the signal, over the plain model's %.3f ms, on"
                + " one thread of this machine: the median of %d pairs of runs on %s. Dear"
                + " signals are computed for a small share of inferences only.",
            costs.milliseconds(),
            noise.pairs(),
            costs.inputs()),
        0);
  }

  private String cost(KindSurvey survey) {
    SignalCost cost = inspection.costs().costs().get(survey.kind());
    return cost == null ? "-" : percent(cost);
  }

  private String measured(KindSurvey survey) {
    String failure = inspection.costs().failures().get(survey.kind());
    if (failure != null) {
      return failure;
    }
    if (!survey.isPossible()) {
      return "not possible, see below";
    }
    return survey.kind().example() + survey.kind().at(survey.exampleSite());
  }

  private void refusals() {
    Map<String, List<String>> reasons = new LinkedHashMap<>();
    for (KindSurvey survey : inspection.kinds()) {
      reasons(survey)
          .forEach(
              (reason, count) ->
                  reasons
                      .computeIfAbsent(places(count) + ": " + reason, key -> new ArrayList<>())
                      .add(survey.kind().label()));
    }
    if (!reasons.isEmpty()) {
      print.println();
      print.println("Not possible:");
      reasons.forEach(
          (reason, kinds) -> {
            wrapped("  " + String.join(" ", kinds), INDENT);
            wrapped("    at " + reason, INDENT + 2);
          });
    }
  }

  private static String places(int count) {
    return count == 1 ? "1 place" : count + " places";
  }

  /** The different reasons of a kind, without the place, and how many places have them. */
  private static Map<String, Integer> reasons(KindSurvey survey) {
    Map<String, Integer> reasons = new LinkedHashMap<>();
    survey
        .refusals()
        .forEach(
            (site, reason) -> {
              String prefix = site + ": ";
              String own = reason.startsWith(prefix) ? reason.substring(prefix.length()) : reason;
              reasons.merge(own, 1, Integer::sum);
            });
    return reasons;
  }

  /** Breaks what is too long between words; a break in a tensor's name would be a wrong name. */
  private void wrapped(String text, int indent) {
    String rest = text;
    while (rest.length() > COLUMNS) {
      int space = rest.lastIndexOf(' ', COLUMNS);
      if (space <= indent) {
        break;
      }
      print.println(rest.substring(0, space));
      rest = " ".repeat(indent) + rest.substring(space + 1);
    }
    print.println(rest);
  }

  private void line(String format, Object... values) {
    print.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private static String percent(SignalCost cost) {
    return String.format(Locale.ROOT, "%+.1f %%", cost.percent());
  }

  private static String type(TensorInfo tensor) {
    return tensor.type().name().toLowerCase(Locale.ROOT);
  }
}
