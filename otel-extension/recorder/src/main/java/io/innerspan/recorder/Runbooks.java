package io.innerspan.recorder;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Rule;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the runbooks are of findings whose monitors name none.
 *
 * @param pages for each kind of finding its runbook's address, or empty
 */
public record Runbooks(Map<FindingKind, String> pages) {
  /** Nowhere. */
  public static final Runbooks NONE = new Runbooks(Map.of());

  private static final String KIND = "{kind}";

  public Runbooks {
    pages = Map.copyOf(pages);
  }

  /**
   * Runbooks at {@code https://…/{kind}…}, or in the folder {@code https://…}, where they are
   * called as in our repository; nowhere if there is no text.
   *
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static Runbooks at(String text) {
    String address = text.strip();
    if (address.isEmpty()) {
      return NONE;
    }
    String template =
        address.contains(KIND)
            ? address
            : address + (address.endsWith("/") ? "" : "/") + KIND + ".md";
    Map<FindingKind, String> pages = new EnumMap<>(FindingKind.class);
    for (FindingKind kind : FindingKind.values()) {
      String page = template.replace(KIND, kind.label());
      try {
        Rule.checkRunbook(page);
      } catch (InvalidValueException e) {
        throw new IllegalArgumentException("expected an http or https URL, found " + address, e);
      }
      pages.put(kind, page);
    }
    return new Runbooks(pages);
  }

  /** The runbook that the finding's monitor names, or else that of its kind, if there is one. */
  @Nullable String of(Finding finding) {
    String named = finding.rule().runbook();
    return named == null ? pages.get(finding.kind()) : named;
  }
}
