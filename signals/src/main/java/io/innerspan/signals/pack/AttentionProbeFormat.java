package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionProbe.Rule;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Mlp;
import java.io.IOException;

/** {@code attention_probe}. */
final class AttentionProbeFormat extends SignalFormat<AttentionProbe> {
  AttentionProbeFormat() {
    super("attention_probe", AttentionProbe.class);
  }

  @Override
  AttentionProbe read(SignalInput in) throws PackException {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    Mlp mlp = in.fields().has("mlp") ? Mlps.read(in) : null;
    Rule rule = rule(in.of(in.fields().object("rule")));
    SignalInput.Matrix value = in.matrix("value", "[heads, width]");
    Floats query =
        rule.kind() == Rule.Kind.MULTIMAX
            ? Floats.none()
            : in.matrix("query", value.rows(), value.columns());
    ProbeParts parts = ProbeParts.read(in);
    return in.fields()
        .build(
            () ->
                new AttentionProbe(
                    id,
                    hookPoint,
                    parts.tokens(),
                    mlp,
                    rule,
                    value.rows(),
                    query,
                    value.values(),
                    parts.bias(),
                    parts.calibration(),
                    parts.threshold(),
                    parts.positiveLabel(),
                    parts.negativeLabel()));
  }

  private static Rule rule(SignalInput in) {
    Rule.Kind kind = in.constant("kind", Rule.Kind.values(), Rule.Kind::label);
    boolean rolling = kind == Rule.Kind.ROLLING_ATTENTION;
    Rule rule = in.fields().build(() -> new Rule(kind, rolling ? in.fields().whole("window") : 0));
    in.tidy().check(in.fields());
    return rule;
  }

  @Override
  void write(AttentionProbe probe, SignalOutput out) throws IOException {
    String id = probe.id();
    out.hookPoint(probe.hookPoint());
    if (probe.mlp() != null) {
      Mlps.write(id, probe.mlp(), out);
    }
    JsonWriter json = out.json().name("rule").beginObject();
    json.name("kind").value(probe.rule().kind().label());
    if (probe.rule().window() > 0) {
      json.name("window").value(probe.rule().window());
    }
    json.endObject();
    if (!probe.queries().isEmpty()) {
      out.weights("query", id + ".query", probe.queries(), probe.heads(), probe.headWidth());
    }
    out.weights("value", id + ".value", probe.values(), probe.heads(), probe.headWidth());
    ProbeParts.write(probe, probe.bias(), out);
  }
}
