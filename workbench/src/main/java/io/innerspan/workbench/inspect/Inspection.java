package io.innerspan.workbench.inspect;

import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.ModelReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * All that is told of a model.
 *
 * @param report what its file says
 * @param sites the places where signals were tried, in the model's order
 * @param kinds where each kind of signal is possible; none when the file is no model
 * @param costs what they cost
 */
public record Inspection(
    ModelReport report, List<TapPoint> sites, List<KindSurvey> kinds, CostReport costs) {
  public Inspection {
    sites = List.copyOf(sites);
    kinds = List.copyOf(kinds);
  }

  /**
   * Inspects a file.
   *
   * @param measured whether to measure costs
   * @throws BadInput when it cannot be read
   */
  public static Inspection of(Path file, boolean measured) {
    ModelReport report = ModelReport.of(file);
    OnnxModel model = report.model();
    if (model == null) {
      return new Inspection(report, List.of(), List.of(), CostReport.without("no model"));
    }
    List<KindSurvey> kinds = SignalSurvey.of(model);
    CostReport costs =
        measured ? costs(file, model, kinds) : CostReport.without("left out as asked");
    return new Inspection(report, SignalSurvey.sites(model), kinds, costs);
  }

  /** Whether any signal can be compiled into the model. */
  public boolean isGraftable() {
    return kinds.stream().anyMatch(KindSurvey::isPossible);
  }

  private static CostReport costs(Path file, OnnxModel model, List<KindSurvey> kinds) {
    if (model.externalData()) {
      return CostReport.without("weights lie in other files");
    }
    try {
      return new CostMeter(model, Files.readAllBytes(file)).measure(kinds);
    } catch (IOException e) {
      throw BadInput.in(file, "a readable file", String.valueOf(e));
    }
  }
}
