package io.innerspan.workbench.model;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A text model that is another in all that a subclass does not do itself. */
public abstract class DelegatingTextModel implements TextModel {
  private final TextModel model;

  protected DelegatingTextModel(TextModel model) {
    this.model = model;
  }

  @Override
  public String sha256() {
    return model.sha256();
  }

  @Override
  public @Nullable String structureDigest() {
    return model.structureDigest();
  }

  @Override
  public List<HookPoint> layerOutputs() {
    return model.layerOutputs();
  }

  @Override
  public List<HookPoint> places(LayerSite site) {
    return model.places(site);
  }

  @Override
  public void visit(
      List<TokenIds> texts, List<HookPoint> hookPoints, Progress.Counter progress, Visitor visitor)
      throws IOException {
    model.visit(texts, hookPoints, progress, visitor);
  }

  @Override
  public List<float[]> readings(Probe probe, List<List<TokenIds>> batches) throws IOException {
    return model.readings(probe, batches);
  }

  @Override
  public Map<String, Tensor> inputs(List<TokenIds> batch) {
    return model.inputs(batch);
  }

  @Override
  public double @Nullable [] answers(List<TokenIds> texts) throws IOException {
    return model.answers(texts);
  }

  @Override
  public float @Nullable [][] outputFeatures(List<TokenIds> texts) throws IOException {
    return model.outputFeatures(texts);
  }
}
