package io.innerspan.djl.torchscript;

import io.innerspan.signals.OutputConfidence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the method that runs the model and computes the signals from what was tapped.
 *
 * <p>Nothing in it may fail where the model itself would not: an activation is read only if it is
 * there and fits; else its columns are NaN and its shape is told.
 */
final class CaptureWriter {
  private static final String IN = "    ";
  private static final String REAL = ScriptNames.PREFIX + "real";
  private static final String TOKENS =
      "innerspan_weight, innerspan_count, innerspan_place, innerspan_mean";

  private static final String EXTRA = ScriptNames.PREFIX + "extra";
  private static final String OUT = ScriptNames.PREFIX + "out";

  private final Module root;
  private final ScriptMethod forward;
  private final Signature signature;
  private final ScriptWeights weights;
  private final List<String> lines = new ArrayList<>();

  CaptureWriter(Module root, ScriptMethod forward, Signature signature, ScriptWeights weights) {
    this.root = root;
    this.forward = forward;
    this.signature = signature;
    this.weights = weights;
  }

  /**
   * The lines of the methods to add to the root's class.
   *
   * @param variant the copy of forward that fills the sink, or null when no module is tapped
   */
  List<String> write(List<Unit> units, @org.jspecify.annotations.Nullable String variant) {
    List<String> methods = new ArrayList<>();
    boolean places = false;
    boolean means = false;
    for (int i = 0; i < units.size(); i++) {
      UnitWriter writer = new UnitWriter(root.type().name(), units.get(i), weights);
      methods.addAll(writer.write(i));
      places |= writer.uses("place0");
      means |= writer.uses("mean0");
    }
    lines.addAll(ScriptHelpers.of(root.type().name(), signature, places, means));
    lines.addAll(methods);
    lines.add(
        forward.head(
            ScriptNames.CAPTURE,
            root.type().name(),
            ScriptNames.WEIGHTS + ": Tensor, " + ScriptNames.GATES + ": Tensor",
            "Tuple[" + forward.returns() + ", Dict[str, Tensor]]"));
    String arguments =
        signature.parameters().stream()
            .map(parameter -> parameter.name() + ", ")
            .collect(Collectors.joining());
    lines.add(IN + ScriptNames.SINK + " = annotate(Dict[int, Tensor], {})");
    lines.add(
        IN
            + OUT
            + " = (self)."
            + (variant == null ? "forward(" : variant + "(" + ScriptNames.SINK + ", ")
            + arguments
            + ")");
    lines.add(IN + EXTRA + " = annotate(Dict[str, Tensor], {})");
    lines.add(IN + ScriptNames.PREFIX + "open = int(" + ScriptNames.GATES + ")");
    lines.add(
        IN + REAL + " = (self).innerspan_tokens(" + ScriptHelpers.tokensArguments(signature) + ")");
    lines.add(IN + TOKENS + ", = (self).innerspan_shared(" + REAL + ", )");
    List<String> values = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      values.add(call(units.get(i), i));
    }
    values.add("innerspan_count");
    lines.add(
        IN
            + "torch._set_item("
            + EXTRA
            + ", \""
            + ScriptNames.READING
            + "\", torch.to(torch.cat(["
            + String.join(", ", values)
            + "], 1), 6))");
    lines.add(IN + "return (" + OUT + ", " + EXTRA + ")");
    return lines;
  }

  /** Calls a unit if its gate is open and its activations fit. */
  private String call(Unit unit, int number) {
    String value = "innerspan_value" + number;
    // No row of it is made where the activation is read.
    String missing =
        value + " = torch.expand(torch.mul(innerspan_count, nan), [-1, " + unit.columns() + "])";
    List<String> otherwise = new ArrayList<>();
    String in = IN;
    if (unit.gate() >= 0) {
      lines.add(in + "if torch.ne(torch.__and__(innerspan_open, " + (1L << unit.gate()) + "), 0):");
      otherwise.add(in + "else:\n" + in + "  " + missing);
      in += "  ";
    }
    int depth = 0;
    List<String> read = new ArrayList<>();
    for (Site site : unit.sites()) {
      if (!site.key().isEmpty()) {
        lines.add(in + "if " + site.key() + ":");
        otherwise.add(absent(in, missing, number, "torch.zeros([0])"));
        in += "  ";
      }
      String tensor = "innerspan_at" + number + "_" + depth++;
      lines.add(in + tensor + " = " + site.value());
      read.add(tensor);
    }
    String first = read.get(0);
    String same = read.size() > 1 ? read.get(1) : first;
    lines.add(in + "if " + fits(unit, first, same) + ":");
    lines.add(
        in
            + "  "
            + value
            + " = (self).innerspan_unit"
            + number
            + "("
            + String.join(", ", ScriptNames.WEIGHTS, first, same, REAL, ids(), TOKENS)
            + ", )");
    otherwise.add(absent(in, missing, number, "torch.tensor(torch.size(" + first + "))"));
    for (int i = otherwise.size() - 1; i >= 0; i--) {
      lines.addAll(List.of(otherwise.get(i).split("\n")));
    }
    return value;
  }

  private static String absent(String in, String missing, int number, String shape) {
    return in + "else:\n" + in + "  " + missing + "\n" + in + "  " + misfit(number, shape);
  }

  private static String fits(Unit unit, String first, String same) {
    if (unit.heads() > 0) {
      return "(self).innerspan_fits_pattern("
          + String.join(", ", first, REAL, Integer.toString(unit.heads()))
          + ", )";
    }
    return "(self).innerspan_fits("
        + String.join(", ", first, same, REAL, Integer.toString(unit.width()))
        + ", "
        + (unit.isConfidence() ? leastAnswers(unit) : 0)
        + ", )";
  }

  private static int leastAnswers(Unit unit) {
    OutputConfidence confidence = (OutputConfidence) unit.signals().get(0);
    OutputConfidence.Disagreement disagreement = confidence.disagreement();
    return Math.max(2, disagreement == null ? 0 : disagreement.answer() + 1);
  }

  private static String misfit(int number, String shape) {
    return "torch._set_item(" + EXTRA + ", \"" + ScriptNames.MISFIT + number + "\", " + shape + ")";
  }

  private String ids() {
    ScriptParameter ids = signature.ids();
    return ids == null ? REAL : ids.name();
  }
}
