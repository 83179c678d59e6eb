package io.innerspan.djl.torchscript;

import io.innerspan.djl.maths.SignalMaths;
import io.innerspan.djl.maths.Tokens;
import io.innerspan.signals.OutputConfidence;
import java.util.ArrayList;
import java.util.List;

/** Writes the method that computes a unit's signals of activations that fit. */
final class UnitWriter {
  private static final String IN = "    ";
  private static final String EACH = "innerspan_each";

  private final String self;
  private final Unit unit;
  private final ScriptWeights weights;
  private final List<String> lines = new ArrayList<>();

  UnitWriter(String self, Unit unit, ScriptWeights weights) {
    this.self = self;
    this.unit = unit;
    this.weights = weights;
  }

  /** The lines of the method for the unit of a number. */
  List<String> write(int number) {
    lines.add(
        "  def innerspan_unit"
            + number
            + "(self: "
            + self
            + ", "
            + ScriptNames.WEIGHTS
            + ": Tensor, x: Tensor, previous: Tensor, real: Tensor, ids: Tensor, "
            + ScriptHelpers.TOKENS
            + ") -> Tensor:");
    if (unit.isConfidence()) {
      OutputConfidence confidence = (OutputConfidence) unit.signals().get(0);
      lines.add(IN + "if torch.eq(torch.dim(x), 3):");
      confidence(confidence, true);
      lines.add(IN + "else:");
      confidence(confidence, false);
      lines.add(IN + "return result");
    } else if (unit.heads() > 0) {
      pattern();
    } else {
      activations();
    }
    return lines;
  }

  /** Whether the method that was written computes with something that is shared of the tokens. */
  boolean uses(String shared) {
    return lines.stream().anyMatch(line -> line.contains(shared) && !line.contains(EACH));
  }

  private void activations() {
    ScriptAlgebra algebra = new ScriptAlgebra(weights);
    SignalMaths<String> maths = new SignalMaths<>(algebra);
    String view = algebra.let("(self).innerspan_view(x, )");
    String before = unit.readsTwo() ? algebra.let("(self).innerspan_view(previous, )") : null;
    if (unit.tokens().isAll()) {
      end(algebra, maths.activations(unit.signals(), view, before, known(algebra, view)));
      return;
    }
    String real = algebra.let("(self).innerspan_real(real, " + view + ", )");
    end(algebra, maths.activations(unit.signals(), view, before, selected(maths, real)));
  }

  /** Of the positions of an activation: what is known already of the tokens, if they are those. */
  private static Tokens<String> known(ScriptAlgebra algebra, String view) {
    algebra.line(
        "each, weight0, count0, place0, mean0, = (self)."
            + EACH
            + "("
            + view
            + ", real, weight, count, place, mean, )");
    return new Tokens<>("each", "weight0", "count0", "place0", "mean0");
  }

  private void pattern() {
    ScriptAlgebra algebra = new ScriptAlgebra(weights);
    SignalMaths<String> maths = new SignalMaths<>(algebra);
    end(algebra, maths.pattern("x", "real", selected(maths, "real")));
  }

  private String selected(SignalMaths<String> maths, String real) {
    return unit.tokens().isAll() ? real : maths.selected(real, "ids", unit.tokens());
  }

  private void end(ScriptAlgebra algebra, String values) {
    algebra.lines().forEach(line -> lines.add(IN + line));
    lines.add(IN + "return " + values);
  }

  private void confidence(OutputConfidence confidence, boolean perToken) {
    ScriptAlgebra algebra = new ScriptAlgebra(weights);
    SignalMaths<String> maths = new SignalMaths<>(algebra);
    String logits = algebra.let("torch.to(x, 6)");
    String view = perToken ? logits : algebra.let("(self).innerspan_view(x, )");
    String real = algebra.let("(self).innerspan_real(real, " + view + ", )");
    String values = maths.confidence(confidence, logits, real, "ids", perToken);
    algebra.lines().forEach(line -> lines.add(IN + "  " + line));
    lines.add(IN + "  result = " + values);
  }
}
