package io.innerspan.djl.torchscript;

import io.innerspan.djl.golden.InputNames;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model's {@code forward} takes and gives.
 *
 * @param parameters in order
 * @param mask the one that tells real tokens from padding, or null
 * @param ids the one that holds token ids, or null
 * @param first the first tensor, or null
 * @param returns the type of what it gives
 */
record Signature(
    List<ScriptParameter> parameters,
    @Nullable ScriptParameter mask,
    @Nullable ScriptParameter ids,
    @Nullable ScriptParameter first,
    String returns) {
  private static final Pattern MASK =
      Pattern.compile(
          "(.*[^a-z])?(attention|attn|input|padding)_?mask(_?\\d+)?", Pattern.CASE_INSENSITIVE);

  /** Masks of something else than padding. */
  private static final Pattern OTHER_MASK =
      Pattern.compile(".*(global|cross|head|causal).*", Pattern.CASE_INSENSITIVE);

  private static final Pattern IDS =
      Pattern.compile(
          "(.*[^a-z])?(input_?ids|token_?ids|input_?tokens|tokens|ids)(_?\\d+)?",
          Pattern.CASE_INSENSITIVE);

  /** Integers per token that are something else. */
  private static final Pattern OTHER_IDS =
      Pattern.compile(".*(type|segment|position|label|lang).*", Pattern.CASE_INSENSITIVE);

  private static final String TUPLE = "Tuple[";
  private static final String DICTIONARY = "Dict[str, Tensor]";

  static Signature of(ScriptMethod forward) {
    List<ScriptParameter> all = ScriptParameter.all(forward.parameters());
    return new Signature(
        all,
        only(all, each -> isMask(each.name()) && (each.isTensor() || each.isOptionalTensor())),
        only(all, each -> isIds(each.name()) && each.isTensor()),
        all.stream().filter(ScriptParameter::isTensor).findFirst().orElse(null),
        forward.returns());
  }

  /** The parameters' names; those that have no default must be there. */
  InputNames inputs() {
    int required = 0;
    for (int i = 0; i < parameters.size(); i++) {
      required = parameters.get(i).optional() ? required : i + 1;
    }
    return InputNames.ofParameters(
        parameters.stream().map(ScriptParameter::name).toList(), required);
  }

  private static boolean isMask(String name) {
    return MASK.matcher(name).matches() && !OTHER_MASK.matcher(name).matches();
  }

  private static boolean isIds(String name) {
    return IDS.matcher(name).matches() && !OTHER_IDS.matcher(name).matches();
  }

  private static @Nullable ScriptParameter only(
      List<ScriptParameter> all, Predicate<ScriptParameter> condition) {
    List<ScriptParameter> found = all.stream().filter(condition).toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  /**
   * The expression of an output, or null where there is none of this name: {@code output/1} is the
   * second of a tuple, {@code output/logits} an entry of a dictionary; the only output has any
   * name.
   *
   * @param output the variable that holds what the model gives
   */
  @Nullable String output(String name, String output) {
    String own = name.startsWith("output/") ? name.substring("output/".length()) : name;
    if (returns.equals("Tensor")) {
      return own.equals(name) || own.equals("0") ? output : null;
    }
    if (returns.equals(DICTIONARY)) {
      return own.contains("\"") || own.contains("\\") ? null : output + "[\"" + own + "\"]";
    }
    List<String> types = tuple();
    if (own.equals("output")) {
      own = "0";
    }
    int position = own.matches("\\d{1,4}") ? Integer.parseInt(own) : -1;
    return position >= 0 && position < types.size() && types.get(position).equals("Tensor")
        ? "(" + output + ")[" + position + "]"
        : null;
  }

  /** Whether an output's expression may fail because a dictionary has no such entry. */
  boolean isDictionary() {
    return returns.equals(DICTIONARY);
  }

  /** What outputs can be named, for people. */
  String outputs() {
    if (returns.equals("Tensor")) {
      return "output";
    }
    List<String> names = new ArrayList<>();
    List<String> types = tuple();
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i).equals("Tensor")) {
        names.add("output/" + i);
      }
    }
    return names.isEmpty() ? "an entry of " + returns : String.join(", ", names);
  }

  private List<String> tuple() {
    return returns.startsWith(TUPLE)
        ? ScriptParameter.split(returns.substring(TUPLE.length(), returns.length() - 1))
        : List.of();
  }
}
