package io.innerspan.signals.pack;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import java.io.IOException;

/** {@code mlp_probe}. */
final class MlpProbeFormat extends SignalFormat<MlpProbe> {
  MlpProbeFormat() {
    super("mlp_probe", MlpProbe.class);
  }

  @Override
  MlpProbe read(SignalInput in) throws PackException {
    Mlp mlp = Mlps.read(in);
    LinearProbe readout = LinearProbeFormat.readout(in);
    return in.fields().build(() -> new MlpProbe(mlp, readout));
  }

  @Override
  void write(MlpProbe probe, SignalOutput out) throws IOException {
    out.hookPoint(probe.hookPoint());
    Mlps.write(probe.id(), probe.mlp(), out);
    LinearProbeFormat.writeReadout(probe.readout(), out);
  }
}
