package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every monitor says of its findings.
 *
 * @param id the monitor's id, unique in its pack: {@code [a-z][a-z0-9_]*}
 * @param severity how bad it is if a finding is true
 * @param tags what catalogues call it, such as {@code atlas:AML.T0051}; 16 at most
 * @param runbook an http or https URL, or null
 * @param holdSeconds at most one finding in so many seconds; those held back are counted
 * @param by the key of the slices of traffic that are watched each by itself, or null for all of it
 */
public record Rule(
    String id,
    Severity severity,
    List<String> tags,
    @Nullable String runbook,
    double holdSeconds,
    @Nullable String by) {
  /** Ten minutes. */
  public static final double DEFAULT_HOLD = 600;

  private static final double MAX_HOLD = 7 * 24 * 3600;
  private static final int MAX_TAGS = 16;
  private static final int MAX_TAG = 100;
  private static final int MAX_URL = 500;
  private static final int MAX_KEY = 100;

  public Rule {
    tags = List.copyOf(tags);
    MonitorChecks.id("id", id);
    MonitorChecks.size("tags", tags, 0, MAX_TAGS);
    tags.forEach(tag -> MonitorChecks.text("tags", tag, MAX_TAG));
    if (runbook != null) {
      checkRunbook(runbook);
    }
    MonitorChecks.within("hold_seconds", holdSeconds, 0, MAX_HOLD);
    if (by != null) {
      MonitorChecks.text("by", by, MAX_KEY);
    }
  }

  /** For all traffic, without tags and runbook, with the default limit of findings. */
  public Rule(String id, Severity severity) {
    this(id, severity, List.of(), null, DEFAULT_HOLD, null);
  }

  /**
   * Checks that a text can be the address of a runbook.
   *
   * @throws InvalidValueException saying what was expected and found
   */
  public static void checkRunbook(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && text.length() <= MAX_URL) {
        return;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new InvalidValueException(
        "runbook", "an http or https URL of at most " + MAX_URL + " characters", "'" + text + "'");
  }
}
