package io.innerspan.extension;

import io.innerspan.signals.pack.ProbePack;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The packs of this JVM, and which of them found a model. Thread-safe. */
final class Packs {
  /** What exporters call any model's file: {@code model}, {@code decoder_model_merged}. */
  private static final Pattern ANY_MODEL = Pattern.compile("([a-z]+_)*model(_[a-z0-9]+)*");

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
   * The packs that fit a model by its structure or its name, and are for another one. A pack is not
   * among them where the model is one that is known: by another pack of that structure, or of that
   * name.
   *
   * @param name the model's, or null; one that any model may have says nothing
   * @param sha256 the model's digest
   * @param fitting those that were chosen for it without its digest
   */
  List<ProbePack> mismatched(@Nullable String name, String sha256, List<ProbePack> fitting) {
    List<ProbePack> known =
        all.stream().filter(pack -> pack.model().sha256().equals(sha256)).toList();
    boolean telling = name != null && !ANY_MODEL.matcher(name).matches();
    boolean byName = telling && known.stream().noneMatch(pack -> pack.model().name().equals(name));
    List<ProbePack> mismatched = new ArrayList<>();
    for (ProbePack pack : all) {
      boolean fits =
          (known.isEmpty() && has(fitting, pack)) || (byName && pack.model().name().equals(name));
      if (fits && !pack.model().sha256().equals(sha256)) {
        mismatched.add(pack);
      }
    }
    return mismatched;
  }

  private static boolean has(List<ProbePack> packs, ProbePack pack) {
    return packs.stream().anyMatch(each -> each.digest().equals(pack.digest()));
  }

  /**
   * The packs that have found no model, each told once.
   *
   * @param sha256 the digest of a model that none was chosen for
   */
  List<ProbePack> unmatched(String sha256) {
    List<ProbePack> unmatched = new ArrayList<>();
    for (ProbePack pack : all) {
      // A pack of this very model was not chosen for another reason, which is said elsewhere.
      if (!pack.model().sha256().equals(sha256) && settled.add(pack.digest())) {
        unmatched.add(pack);
      }
    }
    return unmatched;
  }
}
