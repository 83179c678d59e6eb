package io.innerspan.signals.pack;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A calibration in a manifest. */
final class Calibrations {
  static Calibration read(SignalInput signal) {
    if (!signal.fields().has("calibration")) {
      return new Calibration.None();
    }
    Fields fields = signal.fields().object("calibration");
    String kind = fields.text("kind");
    Calibration calibration =
        switch (kind) {
          case "none" -> new Calibration.None();
          case "temperature" -> fields.build(() -> new Calibration.Temperature(fields.number("t")));
          case "platt" ->
              fields.build(() -> new Calibration.Platt(fields.number("a"), fields.number("b")));
          case "isotonic" -> {
            List<Calibration.Isotonic.Point> points = points(fields, signal.tidy());
            yield fields.build(() -> new Calibration.Isotonic(points));
          }
          default ->
              throw new InvalidValueException(
                  fields.at("kind"), "none, temperature, platt or isotonic", "'" + kind + "'");
        };
    signal.tidy().check(fields);
    return calibration;
  }

  private static List<Calibration.Isotonic.Point> points(Fields calibration, Tidy tidy) {
    List<Calibration.Isotonic.Point> points = new ArrayList<>();
    for (Fields point : calibration.objects("points")) {
      points.add(
          point.build(
              () -> new Calibration.Isotonic.Point(point.number("logit"), point.number("score"))));
      tidy.check(point);
    }
    return points;
  }

  static void write(Calibration calibration, SignalOutput out) throws IOException {
    JsonWriter json = out.json().name("calibration").beginObject();
    if (calibration instanceof Calibration.Temperature temperature) {
      json.name("kind").value("temperature");
      out.number("t", temperature.t());
    } else if (calibration instanceof Calibration.Platt platt) {
      json.name("kind").value("platt");
      out.number("a", platt.a());
      out.number("b", platt.b());
    } else if (calibration instanceof Calibration.Isotonic isotonic) {
      json.name("kind").value("isotonic").name("points").beginArray();
      for (Calibration.Isotonic.Point point : isotonic.points()) {
        json.beginObject();
        out.number("logit", point.logit());
        out.number("score", point.score());
        json.endObject();
      }
      json.endArray();
    } else {
      json.name("kind").value("none");
    }
    json.endObject();
  }

  private Calibrations() {}
}
