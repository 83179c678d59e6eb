package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was found before a model was served: that with a pack's signals in its graph, gates open and
 * closed, it gave the same bits as without, and that the pack's golden inputs agreed. It holds
 * under the same circumstances only. Immutable.
 *
 * @param pack the pack's digest
 * @param model the SHA-256 of the whole model in lowercase hexadecimal
 * @param overlay the SHA-256 of what the signals append to the model
 * @param engine the inference engine's name
 * @param engineVersion the engine's version as it says it
 * @param platform the machine
 * @param sessionOptions the settings of the session that matter to results, in the engine's own
 *     words, sorted; empty for its defaults
 * @param excludedTaps the activations that are not read because reading them changed a bit
 * @param inputs the shapes of what was put in, by input name, one map per input
 * @param goldenInputs how many golden inputs agreed
 * @param date when, to the second
 */
public record Certificate(
    String pack,
    String model,
    String overlay,
    String engine,
    String engineVersion,
    Platform platform,
    List<String> sessionOptions,
    List<String> excludedTaps,
    List<Map<String, List<Long>>> inputs,
    int goldenInputs,
    Instant date) {
  private static final int MOST = 4096;

  public Certificate {
    Formats.check("pack", Formats.SHA256, pack);
    Formats.check("model", Formats.SHA256, model);
    Formats.check("overlay", Formats.SHA256, overlay);
    Formats.check("engine.name", Formats.NAME, engine);
    Formats.text("engine.version", engineVersion);
    sessionOptions = texts("session_options", sessionOptions);
    excludedTaps = texts("excluded_taps", excludedTaps);
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty() || inputs.size() > MOST) {
      throw new InvalidValueException("inputs", "1 to " + MOST, inputs.size());
    }
    if (goldenInputs < 0) {
      throw new InvalidValueException("golden_inputs", "at least 0", goldenInputs);
    }
    date = date.truncatedTo(ChronoUnit.SECONDS);
  }

  private static List<String> texts(String what, List<String> texts) {
    if (texts.size() > MOST) {
      throw new InvalidValueException(what, "at most " + MOST, texts.size());
    }
    List<String> sorted = new ArrayList<>(texts);
    sorted.forEach(text -> Formats.text(what, text));
    sorted.sort(null);
    return List.copyOf(sorted);
  }

  /** The certificate as {@link PackCertificates#write} writes it. */
  public String json() {
    return new String(CertificateFormat.write(this), StandardCharsets.UTF_8);
  }

  /**
   * The first circumstance that is not the certificate's.
   *
   * @param options the session's settings, or null when they are not known
   * @return expected and found, or null when all are the same
   */
  public @Nullable String difference(
      String otherEngine,
      String otherVersion,
      Platform otherPlatform,
      @Nullable List<String> options) {
    if (!engine.equals(otherEngine) || !engineVersion.equals(otherVersion)) {
      return difference(engine + " " + engineVersion, otherEngine + " " + otherVersion);
    }
    if (!platform.equals(otherPlatform)) {
      return difference(platform, otherPlatform);
    }
    List<String> sorted = options == null ? null : options.stream().sorted().toList();
    return Objects.equals(sessionOptions, sorted)
        ? null
        : difference(
            "session options " + sessionOptions,
            "session options " + (sorted == null ? "that are not known" : sorted));
  }

  private static String difference(Object expected, Object found) {
    return "expected " + expected + ", found " + found;
  }
}
