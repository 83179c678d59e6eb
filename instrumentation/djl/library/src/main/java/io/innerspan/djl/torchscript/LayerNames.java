package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names that TransformerLens has for what a model's layers give. Layers are the longest run of
 * siblings with the same name but for a number, counted from 0, and the same class.
 */
final class LayerNames {
  private static final Pattern NAME =
      Pattern.compile("blocks\\.(\\d{1,4})\\.hook_(normalized_)?resid_(pre|post)");

  private static final Pattern MANGLED = Pattern.compile("___torch_mangle_\\d+\\.|\\d+$");
  private static final Pattern RETURN = Pattern.compile("    return (.*)");
  private static final Pattern ASSIGNMENT = Pattern.compile("    (\\w+) = (.*)");
  private static final int DEEPEST = 64;

  private final List<Module> layers;

  LayerNames(Module root) {
    layers = longest(root, 0);
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The module whose output is at a place, or null. */
  @Nullable Module find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    boolean normalized = matcher.group(2) != null;
    int layer = Integer.parseInt(matcher.group(1)) - (matcher.group(3).equals("pre") ? 1 : 0);
    if (layer < 0 || layer >= layers.size() || (normalized && matcher.group(3).equals("pre"))) {
      return null;
    }
    Module module = layers.get(layer);
    return normalized == endsInNorm(module, 0) || matcher.group(3).equals("pre") ? module : null;
  }

  int count() {
    return layers.size();
  }

  private static List<Module> longest(Module parent, int depth) {
    List<Module> best = List.of();
    for (String attribute : parent.type().modules().keySet()) {
      Module child = parent.child(attribute);
      if (child == null) {
        continue;
      }
      if (attribute.endsWith("0") && !attribute.matches(".*\\d0")) {
        best = longer(best, run(parent, attribute.substring(0, attribute.length() - 1)));
      }
      if (depth < DEEPEST) {
        best = longer(best, longest(child, depth + 1));
      }
    }
    return best;
  }

  private static List<Module> longer(List<Module> some, List<Module> others) {
    if (others.size() != some.size()) {
      return others.size() > some.size() ? others : some;
    }
    // Of equals the outer one.
    return some.isEmpty() || others.get(0).path().names().size() < some.get(0).path().names().size()
        ? others
        : some;
  }

  private static List<Module> run(Module parent, String prefix) {
    List<Module> run = new ArrayList<>();
    Module next = parent.child(prefix + 0);
    while (next != null && (run.isEmpty() || kind(run.get(0)).equals(kind(next)))) {
      run.add(next);
      next = parent.child(prefix + run.size());
    }
    return run;
  }

  private static String kind(Module module) {
    return MANGLED.matcher(module.type().name()).replaceAll("");
  }

  /** Whether what a module gives comes from a normalisation of layers. */
  private static boolean endsInNorm(Module module, int depth) {
    ScriptMethod forward = module.forward();
    if (forward == null || depth > DEEPEST) {
      return false;
    }
    ModuleScope scope = new ModuleScope(module);
    String result = "";
    for (String line : forward.body()) {
      scope.read(line);
      Matcher returned = RETURN.matcher(line);
      result = returned.matches() ? returned.group(1) : result;
    }
    for (int i = forward.body().size() - 1; i >= 0; i--) {
      Matcher assignment = ASSIGNMENT.matcher(forward.body().get(i));
      if (assignment.matches() && assignment.group(1).equals(result)) {
        result = assignment.group(2);
      }
    }
    if (result.startsWith("torch.layer_norm(")) {
      return true;
    }
    List<MethodCall> calls = MethodCall.in(result);
    if (calls.isEmpty() || calls.get(0).start() > result.indexOf(").") + 2) {
      return false;
    }
    Module last = result.startsWith("(") ? scope.resolve(calls.get(0).receiver()) : null;
    return last != null && endsInNorm(last, depth + 1);
  }
}
