package io.innerspan.djl.torchscript;

import io.innerspan.djl.maths.Algebra;
import java.util.ArrayList;
import java.util.List;

/** Writes operations as lines of TorchScript; a tensor is the name of a variable. */
final class ScriptAlgebra implements Algebra<String> {
  private static final String FLOAT = "6";
  private static final String DOUBLE = "7";

  private final List<String> lines = new ArrayList<>();
  private final ScriptWeights weights;

  ScriptAlgebra(ScriptWeights weights) {
    this.weights = weights;
  }

  /** The lines that were written, without indentation. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Writes a line whose variables have names of their own. */
  void line(String line) {
    lines.add(line);
  }

  String let(String expression) {
    String name = "t" + lines.size();
    lines.add(name + " = " + expression);
    return name;
  }

  private String call(String function, String... arguments) {
    return let("torch." + function + "(" + String.join(", ", arguments) + ")");
  }

  private String helper(String method, String... arguments) {
    return let(
        "(self)." + ScriptNames.PREFIX + method + "(" + String.join(", ", arguments) + ", )");
  }

  private static String axes(int axis) {
    return "[" + axis + "]";
  }

  static String literal(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return Double.toString(value).replace('E', 'e');
  }

  @Override
  public String constant(float[] values, long... shape) {
    return let(weights.view(values, shape));
  }

  @Override
  public String single(String a) {
    return call("to", a, FLOAT);
  }

  @Override
  public String twice(String a) {
    return call("to", a, DOUBLE);
  }

  @Override
  public String matmul(String a, String b) {
    return call("matmul", a, b);
  }

  @Override
  public String add(String a, String b) {
    return call("add", a, b);
  }

  @Override
  public String add(String a, double b) {
    return call("add", a, literal(b));
  }

  @Override
  public String subtract(String a, String b) {
    return call("sub", a, b);
  }

  @Override
  public String multiply(String a, String b) {
    return call("mul", a, b);
  }

  @Override
  public String multiply(String a, double b) {
    return call("mul", a, literal(b));
  }

  @Override
  public String divide(String a, String b) {
    return call("div", a, b);
  }

  @Override
  public String exp(String a) {
    return call("exp", a);
  }

  @Override
  public String log(String a) {
    return call("log", a);
  }

  @Override
  public String sqrt(String a) {
    return call("sqrt", a);
  }

  @Override
  public String abs(String a) {
    return call("abs", a);
  }

  @Override
  public String relu(String a) {
    return call("relu", a);
  }

  @Override
  public String atMost(String a, double most) {
    return call("clamp", a, "None", literal(most));
  }

  @Override
  public String softmax(String a, int axis) {
    return call("softmax", a, Integer.toString(axis));
  }

  @Override
  public String sum(String a, int axis) {
    return call("sum", a, axes(axis));
  }

  @Override
  public String mean(String a, int axis) {
    return call("mean", a, axes(axis));
  }

  @Override
  public String max(String a, int axis) {
    return call("amax", a, axes(axis));
  }

  @Override
  public String norm(String a) {
    return call("norm", a, "2", axes(-1));
  }

  @Override
  public String cumulative(String a) {
    return call("cumsum", a, "1");
  }

  @Override
  public String recurrence(String decay, String input) {
    return helper("recurrence", decay, input);
  }

  @Override
  public String largest(String a, int count, int axis) {
    return helper("largest", a, Integer.toString(count), Integer.toString(axis));
  }

  @Override
  public String largestPlaces(String a, int count, int axis) {
    return helper("largest_places", a, Integer.toString(count), Integer.toString(axis));
  }

  @Override
  public String delayed(String a, int steps, double fill) {
    return steps == 0 ? a : helper("delayed", a, Integer.toString(steps), literal(fill));
  }

  @Override
  public String gather(String a, String places) {
    String wide = "[-1, -1, torch.size(" + a + ", 2)]";
    return call("gather", a, "1", "torch.expand(torch.unsqueeze(" + places + ", 2), " + wide + ")");
  }

  @Override
  public String order(String a) {
    return call("argsort", a, "1");
  }

  @Override
  public String equal(String a, String b) {
    return call("eq", a, b);
  }

  @Override
  public String equal(String a, long b) {
    return call("eq", a, Long.toString(b));
  }

  @Override
  public String differs(String a, long b) {
    return call("ne", a, Long.toString(b));
  }

  @Override
  public String lessOrEqual(String a, String b) {
    return call("le", a, b);
  }

  @Override
  public String greater(String a, double b) {
    return call("gt", a, literal(b));
  }

  @Override
  public String both(String a, String b) {
    return call("logical_and", a, b);
  }

  @Override
  public String where(String condition, String then, double otherwise) {
    return call("where", condition, then, literal(otherwise));
  }

  @Override
  public String where(String condition, String then, String otherwise) {
    return call("where", condition, then, otherwise);
  }

  @Override
  public String extent(String a, int axis) {
    return call("tensor", "float(torch.size(" + a + ", " + axis + "))", "dtype=" + DOUBLE);
  }

  @Override
  public String unsqueeze(String a, int axis) {
    return call("unsqueeze", a, Integer.toString(axis));
  }

  @Override
  public String squeeze(String a, int axis) {
    return call("squeeze", a, Integer.toString(axis));
  }

  @Override
  public String slice(String a, int axis, int from, int to) {
    return call("slice", a, Integer.toString(axis), Integer.toString(from), Integer.toString(to));
  }

  @Override
  public String concat(List<String> parts, int axis) {
    return call("cat", "[" + String.join(", ", parts) + "]", Integer.toString(axis));
  }
}
