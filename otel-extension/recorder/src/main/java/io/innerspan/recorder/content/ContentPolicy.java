package io.innerspan.recorder.content;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What becomes of each text, by the settings. Thread-safe. */
public final class ContentPolicy {
  private static final int TRACE_DIGITS = 32;
  private static final int RANDOM_DIGITS = 14;
  private static final double RANDOM_RANGE = 1L << (4 * RANDOM_DIGITS);

  private final ContentSettings settings;
  private final @Nullable Redactor redactor;
  private final @Nullable Digester digester;

  private ContentPolicy(
      ContentSettings settings, @Nullable Redactor redactor, @Nullable Digester digester) {
    this.settings = settings;
    this.redactor = redactor;
    this.digester = digester;
  }

  /** Nothing leaves the process. */
  public static ContentPolicy off() {
    return new ContentPolicy(ContentSettings.OFF, null, null);
  }

  /**
   * The policy of settings.
   *
   * @throws IOException when a file that they name is not what it should be: nothing may be
   *     captured then, for what the file would take out
   */
  public static ContentPolicy of(ContentSettings settings) throws IOException {
    return switch (settings.mode()) {
      case OFF -> new ContentPolicy(settings, null, null);
      case DIGEST -> new ContentPolicy(settings, null, Digester.of(settings.salt()));
      case REDACTED ->
          new ContentPolicy(
              settings,
              new Redactor(
                  settings.patterns() == null ? List.of() : PatternFile.read(settings.patterns()),
                  settings.plugins() == null ? List.of() : Plugins.load(settings.plugins())),
              null);
    };
  }

  /** Whether anything is captured at all. */
  public boolean isOn() {
    return settings.mode() != ContentMode.OFF && settings.rate() > 0;
  }

  /** What each record says of how long it may be kept. */
  public String retention() {
    return settings.retention();
  }

  /**
   * Whether the texts of a trace are captured: those of all services or of none, where they have
   * the same rate.
   *
   * @param traceId 32 lowercase hexadecimal digits, all zero without a trace
   */
  public boolean takes(String traceId) {
    if (!isOn() || settings.rate() >= 1) {
      return isOn();
    }
    double random =
        isRandom(traceId)
            ? Long.parseLong(traceId, TRACE_DIGITS - RANDOM_DIGITS, TRACE_DIGITS, 16) / RANDOM_RANGE
            : ThreadLocalRandom.current().nextDouble();
    return random < settings.rate();
  }

  private static boolean isRandom(String traceId) {
    return traceId.length() == TRACE_DIGITS
        && traceId.chars().skip(TRACE_DIGITS - RANDOM_DIGITS).anyMatch(digit -> digit != '0');
  }

  /**
   * What may leave the process of a text.
   *
   * @return null when content is off
   * @throws ContentDroppedException when nothing may, because it could not be made sure of
   */
  public @Nullable CapturedText capture(String text) throws ContentDroppedException {
    if (redactor != null) {
      return redactor.redact(text, settings.limit());
    }
    return digester == null ? null : digester.digest(text);
  }
}
