package io.innerspan.workbench.torch;

import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model that runs with a probe in it, as the agent runs golden inputs. */
interface LiveProbe extends AutoCloseable {
  /**
   * Opens a model with a probe.
   *
   * @param model a TorchScript archive, or a folder with a model whose blocks are defined in Java
   * @throws BadInput when the probe cannot be read in it
   */
  static LiveProbe open(Path model, Probe probe) throws IOException {
    return Files.isDirectory(model)
        ? BlockLiveProbe.open(model, probe)
        : ScriptLiveProbe.open(model, probe);
  }

  /**
   * Reads a batch.
   *
   * @return by row, the raw logit
   * @throws BadInput when the agent would read nothing
   */
  float[] read(GoldenInput batch);

  @Override
  void close() throws IOException;

  /** The probe was refused when the model was opened, or in a run. */
  static BadInput refused(Path model, Probe probe, @Nullable SignalRefusal refusal) {
    return BadInput.in(
        model,
        "a model in which '" + probe.hookPoint() + "' is read under the agent",
        "a refusal: " + refusal);
  }

  /** The logits, the first of a probe's columns. */
  static float[] logits(Path model, Probe probe, CapturedReading reading) {
    SignalRefusal refusal = reading.refusals().get(probe.id());
    if (refusal != null) {
      throw refused(model, probe, refusal);
    }
    float[] logits = new float[reading.rows()];
    int columns = reading.values().length / reading.rows();
    for (int row = 0; row < logits.length; row++) {
      logits[row] = reading.values()[row * columns];
    }
    return logits;
  }
}
