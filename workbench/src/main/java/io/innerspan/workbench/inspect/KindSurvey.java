package io.innerspan.workbench.inspect;

import io.innerspan.signals.Signal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a kind of signal can be compiled into a model.
 *
 * @param kind the kind
 * @param possible the names of the places where it can
 * @param breaking those of them where ONNX Runtime may lose a fused operator
 * @param refusals why not, by the name of the place
 * @param example a signal whose cost stands for the kind's, or null when none is possible
 * @param exampleSite where the example reads, or null
 */
public record KindSurvey(
    SignalKind kind,
    List<String> possible,
    List<String> breaking,
    Map<String, String> refusals,
    @Nullable Signal example,
    @Nullable String exampleSite) {
  public KindSurvey {
    possible = List.copyOf(possible);
    breaking = List.copyOf(breaking);
    refusals = Collections.unmodifiableMap(new LinkedHashMap<>(refusals));
  }

  /** Whether the kind is possible at all. */
  public boolean isPossible() {
    return !possible.isEmpty();
  }
}
