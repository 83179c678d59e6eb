package io.innerspan.recorder;

import io.innerspan.recorder.ChangeRules.Declared;
import io.innerspan.recorder.Origins.Origin;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.Finding;
import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Moment;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is found of one model without a reading of the application's: changes and canaries. */
final class ChangeFindings {
  static final double LARGEST_DEVIATION = 1e6;
  private static final String SHA256 = "sha256:";

  private final ModelTelemetry model;
  private final Sinks sinks;

  /** The model that was there before; null where it is not known to be another one. */
  private volatile @Nullable String replaced;

  ChangeFindings(ModelTelemetry model) {
    this.model = model;
    this.sinks = model.sinks;
  }

  /**
   * Tells when there was another one before, under the same name or at the same place.
   *
   * @param before what was there
   * @param hash what is there now
   */
  void changed(Change change, ModelNames names, ModelChanges before, String hash) {
    String lasting = names.lasting();
    String other = lasting == null ? null : before.opened(lasting, hash);
    if (lasting == null || other == null) {
      return;
    }
    if (change == Change.MODEL_CHANGE) {
      replaced = other;
    }
    Set<String> digests = new HashSet<>();
    // Of the model, which a tokenizer's may come before.
    for (String each :
        new @Nullable String[] {
          model.state().hash(), replaced, sinks.changes().last(lasting), hash, other
        }) {
      if (each != null) {
        digests.add(each.replace(SHA256, ""));
      }
    }
    for (Declared declared : sinks.changeRules().of(change, names.name(), digests)) {
      Origin origin = declared.origin();
      String id = declared.rule().id();
      String key =
          origin == null
              ? FindingGate.hex(id, lasting, hash)
              : FindingGate.hex(id, lasting, hash, origin.toString());
      change(declared.rule(), key, other, origin);
    }
  }

  /**
   * A pack is for another model, or was made with another tokenizer, than is there.
   *
   * @param expected the digest in the pack
   * @param found the digest of what is there
   */
  void mismatch(Change change, ProbePack pack, String expected, String found) {
    for (Rule rule : pack.monitors().rules(change)) {
      String key = FindingGate.hex(rule.id(), pack.digest(), found);
      change(rule, key, SHA256 + expected, Origin.of(pack));
    }
  }

  private void change(Rule rule, String key, String before, @Nullable Origin origin) {
    Moment now = sinks.clock().get();
    long suppressed = admit(key, now, rule, FindingKind.MODEL_CHANGE);
    if (suppressed < 0) {
      return;
    }
    Finding finding =
        Finding.modelChange(
            sinks.gate().nextId(key),
            key,
            rule,
            Instant.ofEpochMilli(now.epochMillis()),
            before,
            suppressed);
    model.found(finding, origin, Context.root());
  }

  /**
   * A recorded input is read in another way than it was; where nothing is declared that is of
   * higher severity for an attack.
   *
   * @param reference what its reading has moved from
   */
  void canaryMoved(
      Canary canary, ProbePack pack, CanaryReference reference, GoldenReading.Deviation deviation) {
    Severity severity = canary.kind() == CanaryKind.RED_TEAM ? Severity.HIGH : Severity.MEDIUM;
    Origin origin = Origin.of(pack);
    String baseline = canary.id() + "/" + reference.value();
    for (Rule rule : pack.monitors().canaryRules(canary.kind().label(), severity)) {
      String key = FindingGate.hex(rule.id(), baseline, origin.toString(), pack.model().sha256());
      Moment now = sinks.clock().get();
      long suppressed = admit(key, now, rule, FindingKind.CANARY);
      if (suppressed < 0) {
        continue;
      }
      Finding finding =
          Finding.canary(
              sinks.gate().nextId(key),
              key,
              rule,
              deviation.signal(),
              Math.min(deviation.size(), LARGEST_DEVIATION),
              Instant.ofEpochMilli(now.epochMillis()),
              baseline,
              suppressed);
      model.found(finding, origin, Context.root());
    }
  }

  /** As {@link FindingGate#admit}; what is held back is counted. */
  private long admit(String key, Moment now, Rule rule, FindingKind kind) {
    long suppressed = sinks.gate().admit(key, now, rule.holdSeconds());
    if (suppressed < 0) {
      model.heldBack(rule, kind);
    }
    return suppressed;
  }
}
