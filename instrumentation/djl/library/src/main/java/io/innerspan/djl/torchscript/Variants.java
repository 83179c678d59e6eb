package io.innerspan.djl.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of the methods that lead from the root to the tapped modules: they do what the originals
 * do, pass a sink on, and put what tapped modules return into it. Each place in the tree has copies
 * of its own, so that modules that share a class are told apart and all others run the original
 * code.
 */
final class Variants {
  static final String SINK_PARAMETER = ScriptNames.SINK + ": Dict[int, Tensor]";

  private static final String RESULT = ScriptNames.PREFIX + "result";
  private static final String RETURN = "    return ";

  private record Key(ModulePath path, String method) {}

  /** What becomes of what a tapped module returns. */
  enum Tapping {
    /** It is put into the sink. */
    READ,
    /** A copy is, because the model may change its own later. */
    READ_COPY,
    /** It is not computed: the sink's tensor is returned in its place. */
    REPLACE
  }

  private final Map<ModulePath, Integer> taps;
  private final Tapping tapping;
  private final String suffix;
  private final Map<Key, @Nullable String> names = new HashMap<>();
  private final Map<String, List<String>> methods = new LinkedHashMap<>();
  private final Set<ModulePath> reached = new HashSet<>();
  private int next;

  /**
   * @param taps the numbers of tapped modules
   * @param tapping what becomes of what they return
   * @param suffix that makes names differ from those of other copies
   */
  Variants(Map<ModulePath, Integer> taps, Tapping tapping, String suffix) {
    this.taps = Map.copyOf(taps);
    this.tapping = tapping;
    this.suffix = suffix;
  }

  /** The tapped modules that are called. */
  Set<ModulePath> reached() {
    return Collections.unmodifiableSet(reached);
  }

  /** The lines of the copies, by class. */
  Map<String, List<String>> methods() {
    return methods;
  }

  /** The name of the copy of a method, or null where it leads to no tapped module. */
  @Nullable String of(Module module, String method) {
    Key key = new Key(module.path(), method);
    if (!names.containsKey(key)) {
      names.put(key, null);
      names.put(key, write(module, method));
    }
    return names.get(key);
  }

  private @Nullable String write(Module module, String method) {
    ScriptMethod original = module.type().methods().get(method);
    if (original == null) {
      return null;
    }
    Integer tap = method.equals("forward") ? taps.get(module.path()) : null;
    if (tap != null && tapping == Tapping.REPLACE) {
      reached.add(module.path());
      return add(module, original, List.of(RETURN + ScriptNames.SINK + "[" + tap + "]"));
    }
    ModuleScope scope = new ModuleScope(module);
    List<String> body = new ArrayList<>();
    boolean leads = tap != null;
    for (String line : original.body()) {
      String redirected = redirected(line, scope);
      leads |= !redirected.equals(line);
      scope.read(line);
      if (tap != null && line.startsWith(RETURN)) {
        body.addAll(tapped(redirected.substring(RETURN.length()), original.returns(), tap));
        reached.add(module.path());
      } else {
        body.add(redirected);
      }
    }
    return leads ? add(module, original, body) : null;
  }

  private String add(Module module, ScriptMethod original, List<String> body) {
    String name = original.name() + "__innerspan_" + suffix + next++;
    List<String> lines = methods.computeIfAbsent(module.type().name(), any -> new ArrayList<>());
    lines.add(original.head(name, module.type().name(), SINK_PARAMETER, original.returns()));
    lines.addAll(body);
    return name;
  }

  private String redirected(String line, ModuleScope scope) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    for (MethodCall call : MethodCall.in(line)) {
      Module receiver = scope.resolve(call.receiver());
      String name = receiver == null ? null : of(receiver, call.method());
      if (name != null) {
        result.append(line, from, call.start()).append(name).append('(');
        result.append(ScriptNames.SINK).append(", ");
        from = call.end();
      }
    }
    return result.append(line, from, line.length()).toString();
  }

  private List<String> tapped(String value, String type, int tap) {
    String tensor = type.equals("Tensor") ? RESULT : "(" + RESULT + ")[0]";
    return List.of(
        "    " + RESULT + " = " + value,
        "    torch._set_item("
            + ScriptNames.SINK
            + ", "
            + tap
            + ", "
            + (tapping == Tapping.READ_COPY ? "torch.clone(" + tensor + ")" : tensor)
            + ")",
        RETURN + RESULT);
  }
}
