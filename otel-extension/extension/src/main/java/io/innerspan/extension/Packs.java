package io.innerspan.extension;

import io.innerspan.signals.pack.ProbePack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;

/** The packs of this JVM, and which of them found a model. Thread-safe. */
final class Packs {
  private static final Logger LOGGER = Logger.getLogger(Packs.class.getName());

  private final List<ProbePack> all;
  private final Set<String> settled = ConcurrentHashMap.newKeySet();

  Packs(List<ProbePack> all) {
    this.all = List.copyOf(all);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Whether some pack can only be chosen by the whole model's digest. */
  boolean needDigest() {
    return all.stream().anyMatch(pack -> pack.model().structure() == null);
  }

  /**
   * The packs that are for a model, as far as is known.
   *
   * @param structure the model's structural fingerprint
   * @param sha256 the model's digest, or empty while it is not known
   */
  List<ProbePack> matching(String structure, String sha256) {
    List<ProbePack> matching = new ArrayList<>();
    for (ProbePack pack : all) {
      String expected = pack.model().structure();
      if (expected == null ? sha256.equals(pack.model().sha256()) : expected.equals(structure)) {
        matching.add(pack);
        settled.add(pack.digest());
      }
    }
    return matching;
  }

  /**
   * Says once of each pack that has found no model what it expected and what it saw.
   *
   * @return of how many packs it was said now
   */
  int sayUnmatched(String model, String sha256) {
    int said = 0;
    for (ProbePack pack : all) {
      if (settled.add(pack.digest())) {
        said++;
        LOGGER.warning(
            "Innerspan: pack "
                + pack.label()
                + " matches no session so far: expected model "
                + pack.model().name()
                + " with sha256:"
                + pack.model().sha256()
                + ", found "
                + model
                + " with sha256:"
                + sha256);
      }
    }
    return said;
  }
}
