package io.innerspan.signals.pack;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import java.io.IOException;

/** {@code linear_probe}. */
final class LinearProbeFormat extends SignalFormat<LinearProbe> {
  LinearProbeFormat() {
    super("linear_probe", LinearProbe.class);
  }

  @Override
  LinearProbe read(SignalInput in) throws PackException {
    return readout(in);
  }

  @Override
  void write(LinearProbe probe, SignalOutput out) throws IOException {
    out.hookPoint(probe.hookPoint());
    writeReadout(probe, out);
  }

  static LinearProbe readout(SignalInput in) throws PackException {
    String id = in.id();
    HookPoint hookPoint = in.hookPoint();
    Pooling pooling = Poolings.read(in);
    Floats weight = in.direction("weight");
    ProbeParts parts = ProbeParts.read(in);
    return in.fields()
        .build(
            () ->
                new LinearProbe(
                    id,
                    hookPoint,
                    parts.tokens(),
                    pooling,
                    weight,
                    parts.bias(),
                    parts.calibration(),
                    parts.threshold(),
                    parts.positiveLabel(),
                    parts.negativeLabel()));
  }

  static void writeReadout(LinearProbe probe, SignalOutput out) throws IOException {
    Poolings.write(probe.pooling(), out);
    out.weights("weight", probe.id() + ".weight", probe.direction(), 1, probe.width());
    ProbeParts.write(probe, probe.bias(), out);
  }
}
