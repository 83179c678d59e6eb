package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import io.innerspan.signals.Position;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** {@code output_confidence}. */
final class OutputConfidenceFormat extends SignalFormat<OutputConfidence> {
  OutputConfidenceFormat() {
    super("output_confidence", OutputConfidence.class);
  }

  @Override
  OutputConfidence read(SignalInput in) {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    Position position = in.position();
    double temperature = in.fields().number("temperature", 1);
    Disagreement disagreement = disagreement(in);
    return in.fields()
        .build(() -> new OutputConfidence(id, hookPoint, position, temperature, disagreement));
  }

  private static @Nullable Disagreement disagreement(SignalInput in) {
    if (!in.fields().has("disagreement")) {
      return null;
    }
    Fields fields = in.fields().object("disagreement");
    Disagreement disagreement =
        fields.build(() -> new Disagreement(fields.text("probe"), fields.whole("answer")));
    in.tidy().check(fields);
    return disagreement;
  }

  @Override
  void write(OutputConfidence confidence, SignalOutput out) throws IOException {
    out.hookPoint(confidence.hookPoint());
    out.position(confidence.position());
    out.number("temperature", confidence.temperature());
    Disagreement disagreement = confidence.disagreement();
    if (disagreement != null) {
      JsonWriter json = out.json().name("disagreement").beginObject();
      json.name("probe").value(disagreement.probe());
      json.name("answer").value(disagreement.answer()).endObject();
    }
  }
}
