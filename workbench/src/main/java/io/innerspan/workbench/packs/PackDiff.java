package io.innerspan.workbench.packs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What tells two packs apart: every value of {@link PackJson} that differs, by its path, and how
 * far the weights of probes of one id have moved.
 */
public final class PackDiff {
  private static final Gson JSON =
      new GsonBuilder()
          .serializeNulls()
          .serializeSpecialFloatingPointValues()
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private final TreeMap<String, Change> changes = new TreeMap<>();

  /**
   * A value that differs.
   *
   * @param before in the first pack; null where it has none
   * @param after in the second pack; null where it has none
   */
  public record Change(@Nullable String before, @Nullable String after) {}

  /** Compares. */
  public PackDiff(ProbePack before, ProbePack after) {
    compare("", PackJson.object(before), PackJson.object(after));
    for (Signal signal : before.signals()) {
      for (Signal other : after.signals()) {
        if (signal.id().equals(other.id())) {
          weights(signal, other);
        }
      }
    }
  }

  /** The changes by path; empty for packs with the same content. */
  public Map<String, Change> changes() {
    return new LinkedHashMap<>(changes);
  }

  /** The changes as one JSON object: path → {@code before}, {@code after}. */
  public String json() {
    return JSON.toJson(changes);
  }

  private void compare(String path, @Nullable Object before, @Nullable Object after) {
    if (Objects.equals(before, after)) {
      return;
    }
    Map<String, @Nullable Object> left = children(before);
    Map<String, @Nullable Object> right = children(after);
    if (left.isEmpty() && right.isEmpty()) {
      changes.put(path, new Change(text(before), text(after)));
      return;
    }
    TreeSet<String> names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      compare(path.isEmpty() ? name : path + "." + name, left.get(name), right.get(name));
    }
  }

  /** An object's members; a list's elements by id, or by index. */
  private static Map<String, @Nullable Object> children(@Nullable Object value) {
    Map<String, @Nullable Object> children = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, child) -> children.put(String.valueOf(name), child));
    } else if (value instanceof Iterable<?> list) {
      int index = 0;
      for (Object element : list) {
        Object id = element instanceof Map<?, ?> map ? map.get("id") : null;
        children.put(id == null ? String.valueOf(index) : String.valueOf(id), element);
        index++;
      }
    }
    return children;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : String.valueOf(value);
  }

  private void weights(Signal before, Signal after) {
    String path = "signals." + before.id() + ".";
    if (before instanceof LinearProbe left && after instanceof LinearProbe right) {
      if (left.bias() != right.bias()) {
        changes.put(path + "bias", new Change("" + left.bias(), "" + right.bias()));
      }
      if (!left.direction().equals(right.direction()) && left.width() == right.width()) {
        changes.put(path + "weight.cosine", new Change("1.0", "" + cosine(left, right)));
        changes.put(path + "weight.norm", new Change("" + norm(left), "" + norm(right)));
      }
    } else if (!before.equals(after)
        && changes.keySet().stream().noneMatch(p -> p.startsWith(path))) {
      changes.put(path + "content", new Change("one", "another"));
    }
  }

  private static double cosine(LinearProbe left, LinearProbe right) {
    double dot = 0;
    for (int d = 0; d < left.width(); d++) {
      dot += (double) left.weight(d) * right.weight(d);
    }
    return dot / (norm(left) * norm(right));
  }

  private static double norm(LinearProbe probe) {
    double squares = 0;
    for (int d = 0; d < probe.width(); d++) {
      squares += (double) probe.weight(d) * probe.weight(d);
    }
    return Math.sqrt(squares);
  }
}
