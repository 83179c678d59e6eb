package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Pooling;
import java.io.IOException;

/** A pooling in a manifest. */
final class Poolings {
  static Pooling read(SignalInput signal) {
    SignalInput in = signal.of(signal.fields().object("pooling"));
    Pooling.Kind kind = in.constant("kind", Pooling.Kind.values(), Pooling.Kind::label);
    String parameter = kind.parameter();
    Pooling pooling =
        in.fields()
            .build(() -> new Pooling(kind, parameter == null ? 0 : in.fields().number(parameter)));
    in.tidy().check(in.fields());
    return pooling;
  }

  static void write(Pooling pooling, SignalOutput out) throws IOException {
    JsonWriter json = out.json().name("pooling").beginObject();
    json.name("kind").value(pooling.kind().label());
    if (pooling.kind().parameter() != null) {
      out.number(pooling.kind().parameter(), pooling.parameter());
    }
    json.endObject();
  }

  private Poolings() {}
}
