package io.innerspan.recorder;

import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which pack each signal comes from. */
final class Origins {
  private final Map<String, Origin> bySignal = new HashMap<>();

  private Origins() {}

  static Origins of(List<ProbePack> packs) {
    Origins origins = new Origins();
    for (ProbePack pack : packs) {
      Origin origin = Origin.of(pack);
      for (Signal signal : pack.signals()) {
        origins.bySignal.put(signal.id(), origin);
      }
    }
    return origins;
  }

  /**
   * The pack of a signal.
   *
   * @throws IllegalArgumentException if no pack has it
   */
  Origin of(Signal signal) {
    Origin origin = bySignal.get(signal.id());
    if (origin == null) {
      throw new IllegalArgumentException(
          "signal '"
              + signal.id()
              + "': expected it in one of the packs, found "
              + bySignal.keySet());
    }
    return origin;
  }

  /**
   * A pack as telemetry names it.
   *
   * @param name the pack's name
   * @param version the pack's version
   * @param hash the digest of its content, as {@code sha256:} and hexadecimal digits
   */
  record Origin(String name, String version, String hash) {
    static Origin of(ProbePack pack) {
      return new Origin(pack.name(), pack.version(), "sha256:" + pack.digest());
    }

    @Override
    public String toString() {
      return name + "@" + version;
    }
  }
}
