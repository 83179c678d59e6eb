package io.innerspan.djl.golden;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.safetensors.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a model's inputs are called, by which the tensors of a golden input are put into their order.
 *
 * @param names in order; empty where the model has none
 * @param required how many of them, the first ones, must be there
 * @param byPosition whether the names {@code 0}, {@code 1}, … and {@code 0:name} mean positions
 */
public record InputNames(List<String> names, int required, boolean byPosition) {
  private static final Pattern POSITION = Pattern.compile("(\\d{1,3})(?::(.+))?");

  public InputNames {
    names = List.copyOf(names);
  }

  /** The parameters of a method. */
  public static InputNames ofParameters(List<String> names, int required) {
    return new InputNames(names, required, false);
  }

  /** What a block of Java declares, if it does. */
  public static InputNames ofBlock(List<String> names) {
    return new InputNames(names, names.size(), true);
  }

  /**
   * A golden input as the model takes it.
   *
   * @param manager gets the arrays; their names are those after positions, else they have none
   * @throws GoldenRefusedException when the names do not fit
   */
  public NDList arrange(GoldenInput golden, NDManager manager) throws GoldenRefusedException {
    Set<String> given = golden.inputs().keySet();
    NDList arrays = new NDList(given.size());
    for (String name : order(given)) {
      arrays.add(array(name, golden.inputs(), manager));
    }
    return arrays;
  }

  private List<String> order(Set<String> given) throws GoldenRefusedException {
    List<String> order =
        byPosition && given.stream().allMatch(name -> POSITION.matcher(name).matches())
            ? given.stream().sorted((a, b) -> Integer.compare(position(a), position(b))).toList()
            : names.stream().filter(given::contains).toList();
    if (order.size() != given.size() || !isComplete(order)) {
      throw new GoldenRefusedException("inputs " + given + " where " + expected());
    }
    return order;
  }

  private boolean isComplete(List<String> order) {
    if (order.size() <= names.size() && order.equals(names.subList(0, order.size()))) {
      return order.size() >= required;
    }
    for (int i = 0; i < order.size(); i++) {
      if (!byPosition || position(order.get(i)) != i) {
        return false;
      }
    }
    return true;
  }

  private static int position(String name) {
    Matcher matcher = POSITION.matcher(name);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }

  private String expected() {
    if (names.isEmpty()) {
      return "the block declares no names, so that positions are expected, such as 0 or 0:input_ids";
    }
    return names
        + (required < names.size() ? ", at least the first " + required + " of them," : "")
        + (names.size() == 1 ? " is" : " are")
        + " expected";
  }

  private NDArray array(String name, Map<String, Tensor> inputs, NDManager manager) {
    Tensor tensor = inputs.get(name);
    if (tensor == null) {
      throw new IllegalStateException("expected an input of the golden input, found " + name);
    }
    NDArray array = array(tensor, manager);
    String own = own(name);
    if (own != null) {
      array.setName(own);
    }
    return array;
  }

  private @Nullable String own(String name) {
    Matcher matcher = POSITION.matcher(name);
    return byPosition && matcher.matches() ? matcher.group(2) : null;
  }

  private static NDArray array(Tensor tensor, NDManager manager) {
    Shape shape = new Shape(tensor.shape());
    return switch (tensor.dtype()) {
      case F32 -> manager.create(tensor.toFloats(), shape);
      case I64 -> manager.create(tensor.toLongs(), shape);
      case I32 ->
          manager.create(
              Arrays.stream(tensor.toLongs()).mapToInt(Math::toIntExact).toArray(), shape);
      default -> throw new IllegalStateException("expected F32, I64 or I32, found " + tensor);
    };
  }
}
