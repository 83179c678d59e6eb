package io.innerspan.extension;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that came with packs, and whether one holds for a model that is about to be
 * opened. Whether it is for the model's very digest is found out where the model is loaded.
 * Thread-safe.
 */
final class Certificates {
  private static final Logger LOGGER = Logger.getLogger(Certificates.class.getName());

  /** A certificate, and the plan that it is for: without the taps that it excludes. */
  record Certified(Certificate certificate, GraftPlan plan) {}

  private final List<Certificate> all;
  private final Platform platform = Platform.current();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Certificates(List<Certificate> all) {
    this.all = List.copyOf(all);
  }

  /**
   * The certificate that holds. Where packs have some and none holds, says once why.
   *
   * @param whole whether the engine loads the model as it is, instead of its skeleton
   * @return null when the model is to be certified now
   */
  @Nullable Certified find(
      ModelOpening opening, OnnxModel model, List<ProbePack> packs, Gating gating, boolean whole) {
    String difference = null;
    ProbePack pack = packs.get(0);
    for (Certificate certificate : all) {
      if (packs.stream().noneMatch(one -> one.digest().equals(certificate.pack()))) {
        continue;
      }
      String here = difference(certificate, opening, model, packs, whole);
      if (here == null) {
        Set<String> excluded = Set.copyOf(certificate.excludedTaps());
        GraftPlan plan = GraftPlan.of(model, packs, gating, excluded);
        if (plan.digest().equals(certificate.overlay())) {
          return new Certified(certificate, plan);
        }
        here = "expected a graft with sha256:" + certificate.overlay() + ", found " + plan.digest();
      }
      difference = difference == null ? here : difference;
    }
    if (difference != null && told.add(pack.digest() + difference)) {
      LOGGER.info(
          "Innerspan: "
              + pack.model().name()
              + " is certified now, not by the certificate of pack "
              + pack.label()
              + ": "
              + difference);
    }
    return null;
  }

  private @Nullable String difference(
      Certificate certificate,
      ModelOpening opening,
      OnnxModel model,
      List<ProbePack> packs,
      boolean whole) {
    if (packs.size() > 1) {
      return "expected this pack alone on the model, found " + packs.size() + " packs";
    }
    if (model.externalData()) {
      return "expected a model in one file, found weights in other files";
    }
    if (!whole) {
      return "expected the model as it is, found "
          + Setting.MODEL_FILES_IMMUTABLE.systemProperty()
          + "=true";
    }
    return certificate.difference(
        opening.engine(), opening.engineVersion(), platform, opening.sessionOptions());
  }
}
