package io.innerspan.signals.monitor;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The monitors that are there without being declared: one for each change, and one for canaries.
 */
public final class StandingMonitors {
  /** The one for canaries. */
  public static final String CANARY = FindingKind.CANARY.label();

  /** Ids of all of them. */
  public static final List<String> IDS =
      Stream.concat(Stream.of(CANARY), Arrays.stream(Change.values()).map(Change::label)).toList();

  /** Compromise of the supply chain, in both catalogues. */
  private static final List<String> CHANGE_TAGS = List.of("atlas:AML.T0010", "owasp:LLM03:2025");

  /** A model that was manipulated or poisoned. */
  private static final List<String> CANARY_TAGS = List.of("atlas:AML.T0018", "owasp:LLM04:2025");

  /** The rule that a change is told by where nothing is declared. */
  public static Rule of(Change change) {
    return rule(change.label(), Severity.MEDIUM, CHANGE_TAGS);
  }

  /** The rule that canaries are told by where nothing is declared. */
  public static Rule ofCanaries(Severity severity) {
    return rule(CANARY, severity, CANARY_TAGS);
  }

  private static Rule rule(String id, Severity severity, List<String> tags) {
    return new Rule(id, severity, tags, null, Rule.DEFAULT_HOLD, null);
  }

  private StandingMonitors() {}
}
