package io.innerspan.workbench.torch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import io.innerspan.djl.Gating;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.golden.GoldenRefusedException;
import io.innerspan.djl.torchscript.CaptureRefusedException;
import io.innerspan.djl.torchscript.CaptureRefusedException.Reason;
import io.innerspan.djl.torchscript.RewrittenScript;
import io.innerspan.djl.torchscript.ScriptProof;
import io.innerspan.djl.torchscript.ScriptRewriter;
import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A TorchScript archive with a method that computes a probe. Each batch runs through the original
 * method too, and every bit of the outputs is compared.
 */
final class ScriptLiveProbe implements LiveProbe {
  private final Path file;
  private final Probe probe;
  private final Path rewritten;
  private final NDManager manager;
  private final ScriptProof proof;
  private final List<Model> loaded = new ArrayList<>();

  private ScriptLiveProbe(Path file, Probe probe, Path rewritten, RewrittenScript script) {
    this.file = file;
    this.probe = probe;
    this.rewritten = rewritten;
    this.manager = NDManager.newBaseManager(Device.cpu(), TorchEngine.NAME);
    this.proof = new ScriptProof(script, manager, each -> load());
  }

  static ScriptLiveProbe open(Path file, Probe probe) throws IOException {
    TorchEngine.require();
    Path rewritten = Files.createTempFile("innerspan-probe", ".pt");
    ScriptLiveProbe live = null;
    boolean begun = false;
    try {
      RewrittenScript script =
          ScriptRewriter.rewrite(file, rewritten, List.of(probe), Gating.none());
      if (script.isEmpty()) {
        throw LiveProbe.refused(file, probe, script.refusals().get(probe.id()));
      }
      live = new ScriptLiveProbe(file, probe, rewritten, script);
      live.proof.begin();
      begun = true;
      return live;
    } catch (ArchiveRefusedException | CaptureRefusedException e) {
      throw BadInput.in(file, "a TorchScript archive that can be rewritten", TorchEngine.first(e));
    } finally {
      if (!begun && live != null) {
        live.close();
      }
      if (!begun) {
        Files.deleteIfExists(rewritten);
      }
    }
  }

  private Block load() throws CaptureRefusedException {
    Model model = Model.newInstance("innerspan-probe", Device.cpu(), TorchEngine.NAME);
    loaded.add(model);
    try {
      model.load(rewritten);
    } catch (MalformedModelException | IOException | RuntimeException e) {
      throw new CaptureRefusedException(Reason.ENGINE_REFUSED, TorchEngine.first(e));
    }
    return model.getBlock();
  }

  @Override
  public float[] read(GoldenInput batch) {
    try {
      return LiveProbe.logits(file, probe, proof.read(batch));
    } catch (GoldenRefusedException | CaptureRefusedException e) {
      throw BadInput.in(file, "a model that the agent reads on these inputs", TorchEngine.first(e));
    }
  }

  @Override
  public void close() throws IOException {
    proof.close();
    loaded.forEach(Model::close);
    manager.close();
    Files.deleteIfExists(rewritten);
  }
}
