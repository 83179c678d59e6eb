package io.innerspan.extension;

import io.innerspan.recorder.HealthCounters;
import io.innerspan.recorder.ModelTelemetry;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the tokenizer that lies beside a model's file, and of packs that read the model but were
 * made with another tokenizer. Thread-safe; no method throws.
 */
final class TokenizerCheck {
  static final String FILE = "tokenizer.json";

  /** Larger files are left out. */
  static final long LARGEST = 64L << 20;

  private static final Logger LOGGER = Logger.getLogger(TokenizerCheck.class.getName());

  private final String name;
  private final ModelTelemetry telemetry;
  private final HealthCounters health;
  private @Nullable String found;
  private List<ProbePack> waiting = List.of();

  /**
   * @param name what to call the model in messages
   */
  TokenizerCheck(String name, ModelTelemetry telemetry, HealthCounters health) {
    this.name = name;
    this.telemetry = telemetry;
    this.health = health;
  }

  /** Digests the tokenizer beside a model's file, if there is one. Reads the file. */
  void look(Path model) {
    try {
      String sha256 = sha256(model.resolveSibling(FILE));
      if (sha256 != null) {
        telemetry.tokenizer(sha256);
        found(sha256);
      }
    } catch (Throwable e) {
      health.fault(FaultPlace.DIGEST.value(), e);
    }
  }

  // A pipe of this name would be waited for without end.
  private static @Nullable String sha256(Path file) throws IOException {
    return Files.isRegularFile(file) ? ModelDigest.of(file, LARGEST) : null;
  }

  private synchronized void found(String sha256) {
    found = sha256;
    compare();
  }

  /** These packs read the model. */
  synchronized void reading(List<ProbePack> packs) {
    waiting = List.copyOf(packs);
    compare();
  }

  private void compare() {
    if (found == null) {
      return;
    }
    for (ProbePack pack : waiting) {
      TokenizerIdentity expected = pack.tokenizer();
      if (expected != null && !expected.sha256().equals(found)) {
        LOGGER.warning(
            "Innerspan: pack "
                + pack.label()
                + " was made with another tokenizer than lies beside "
                + name
                + ": expected sha256:"
                + expected.sha256()
                + ", found sha256:"
                + found);
        telemetry.tokenizerMismatch(pack, expected, found);
      }
    }
    waiting = List.of();
  }
}
