package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A recorded batch of model inputs that is replayed on the live session now and then. Immutable.
 *
 * @param id unique in a pack
 * @param kind what it stands for
 * @param inputs the model's inputs by name, as those of a {@link GoldenInput}
 * @param readings what signals gave for them, by the processor's architecture as {@link
 *     Platform#architecture} names it; empty where nothing was recorded
 */
public record Canary(
    String id, CanaryKind kind, Map<String, Tensor> inputs, Map<String, GoldenInput> readings) {
  /** The most in a pack. */
  public static final int MOST = 256;

  private static final int MOST_ARCHITECTURES = 16;

  public Canary {
    Formats.check("canary id", Formats.NAME, id);
    String what = "canary '" + id + "'";
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    readings = Collections.unmodifiableMap(new TreeMap<>(readings));
    GoldenInput.checkInputs(what, inputs);
    if (readings.size() > MOST_ARCHITECTURES) {
      throw new InvalidValueException(
          what, "at most " + MOST_ARCHITECTURES + " architectures", readings.size());
    }
    for (Map.Entry<String, GoldenInput> reading : readings.entrySet()) {
      Formats.check("architecture of " + what, Formats.NAME, reading.getKey());
      if (!reading.getValue().inputs().equals(inputs)) {
        throw new InvalidValueException(
            what, "readings of its own inputs", "others on " + reading.getKey());
      }
    }
  }

  /** What was recorded on an architecture, or null. */
  public @Nullable GoldenInput reading(String architecture) {
    return readings.get(architecture);
  }
}
