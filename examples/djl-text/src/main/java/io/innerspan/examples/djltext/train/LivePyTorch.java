package io.innerspan.examples.djltext.train;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.innerspan.djl.CapturedReading;
import io.innerspan.djl.Gating;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptCapture;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A TorchScript archive that runs with a probe in it, as under the agent. */
final class LivePyTorch implements AutoCloseable {
  private final Path rewritten;
  private final ScriptCapture capture;
  private final Model model;

  private LivePyTorch(Path rewritten, ScriptCapture capture, Model model) {
    this.rewritten = rewritten;
    this.capture = capture;
    this.model = model;
  }

  static LivePyTorch open(Path archive, Probe probe) throws IOException {
    Path rewritten = Files.createTempFile("classifier", ".pt");
    try {
      RewrittenScript script =
          ScriptRewriter.rewrite(archive, rewritten, List.of(probe), Gating.none());
      if (script.isEmpty()) {
        throw new IllegalStateException("the probe is refused: " + script.refusals());
      }
      Model model = Model.newInstance("classifier", Device.cpu(), "PyTorch");
      model.load(rewritten);
      return new LivePyTorch(rewritten, new ScriptCapture(script), model);
    } catch (ArchiveRefusedException | MalformedModelException e) {
      throw new IllegalStateException(archive + " is refused", e);
    }
  }

  /** The probe's raw logits by row. */
  float[] read(TokenBatch batch) {
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList prepared = capture.prepare(batch.inputs(manager), 0);
      if (prepared == null) {
        throw new IllegalStateException("the batch cannot be read");
      }
      NDList outputs =
          model.getBlock().forward(new ParameterStore(manager, false), prepared, false);
      CapturedReading reading = capture.finish(outputs, 0);
      if (reading == null || !reading.refusals().isEmpty()) {
        throw new IllegalStateException("the batch was not read: " + reading);
      }
      int columns = reading.values().length / reading.rows();
      float[] logits = new float[reading.rows()];
      for (int row = 0; row < logits.length; row++) {
        logits[row] = reading.values()[row * columns];
      }
      return logits;
    }
  }

  @Override
  public void close() throws IOException {
    capture.close();
    model.close();
    Files.deleteIfExists(rewritten);
  }
}
