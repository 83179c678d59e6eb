package io.innerspan.workbench.certify;

import io.innerspan.onnxruntime.graft.Gating;
import io.innerspan.onnxruntime.graft.InputSizes;
import io.innerspan.onnxruntime.graft.KvCache;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.Overlay;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.pack.Certificate;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.data.Digests;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import io.opentelemetry.javaagent.innerspan.bridge.GraftOverlay;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import io.opentelemetry.javaagent.innerspan.bridge.ObservedModel;
import io.opentelemetry.javaagent.innerspan.bridge.Refusal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A model that is only opened to be certified; keeps what is found. */
final class TrialModel implements ObservedModel {
  private final OnnxModel structure;
  private final ProbePack pack;
  private final List<String> excludedTaps = new ArrayList<>();
  private Overlay overlay;
  private List<ModelInput> compared = List.of();
  private int goldenInputs;
  private boolean certified;
  private @Nullable String refusal;

  TrialModel(OnnxModel structure, ProbePack pack) {
    this.structure = structure;
    this.pack = pack;
    this.overlay = compile(Set.of());
  }

  /** As the agent compiles it, or a certificate would be for something else. */
  private Overlay compile(Set<String> droppedTaps) {
    return OverlayCompiler.compile(
        structure, pack.signals(), droppedTaps, Gating.BY_COST.honouring(List.of(pack)));
  }

  /** Why the model is not certified, or null when it is. */
  @Nullable String refusal() {
    if (refusal == null && !certified) {
      return overlay.isEmpty()
          ? "no signal can be read: " + overlay.refusals().values()
          : "ONNX Runtime takes none of the made-up inputs and the pack has no golden ones";
    }
    return refusal;
  }

  Certificate certificate(
      String engine, String engineVersion, List<String> sessionOptions, Instant date) {
    return new Certificate(
        pack.digest(),
        pack.model().sha256(),
        Digests.sha256(ByteBuffer.wrap(overlay.bytes())),
        engine,
        engineVersion,
        Platform.current(),
        sessionOptions,
        excludedTaps,
        compared.stream().map(TrialModel::shapes).toList(),
        goldenInputs,
        date);
  }

  private static Map<String, List<Long>> shapes(ModelInput input) {
    Map<String, List<Long>> shapes = new TreeMap<>();
    for (ModelInput.Tensor tensor : input.tensors()) {
      shapes.put(tensor.name(), Arrays.stream(tensor.shape()).boxed().toList());
    }
    return shapes;
  }

  private void refuse(String detail) {
    refusal = refusal == null ? detail : refusal;
  }

  @Override
  public @Nullable GraftOverlay overlay() {
    return refusal != null || overlay.isEmpty() ? null : bridged();
  }

  @Override
  public @Nullable GraftOverlay overlayWithout(Set<String> droppedTaps) {
    overlay = compile(droppedTaps);
    return overlay.isEmpty() ? null : bridged();
  }

  private GraftOverlay bridged() {
    return new GraftOverlay(
        overlay.bytes(),
        overlay.readingOutput(),
        overlay.gateCount() == 0 ? null : OverlayCompiler.GATES,
        overlay.gateCount(),
        overlay.standingGates(),
        overlay.readsAlways(),
        layout().columns(),
        overlay.taps(),
        structure.maskInput(),
        structure.externalData());
  }

  private ReadingLayout layout() {
    return new ReadingLayout(overlay.signals(), overlay.gates(), overlay.standingGates());
  }

  @Override
  public void tapDropped(String tap, Refusal why) {
    excludedTaps.add(tap);
  }

  @Override
  public void notGrafted(Refusal why) {
    refuse(why.detail());
  }

  @Override
  public void digest(String sha256) {
    if (!sha256.equals(pack.model().sha256())) {
      refuse("sha256:" + sha256 + " where the pack is for sha256:" + pack.model().sha256());
    }
  }

  @Override
  public List<ModelInput> goldenInputs() {
    return pack.goldenInputs().stream().map(TrialModel::bridged).toList();
  }

  private static ModelInput bridged(GoldenInput golden) {
    List<ModelInput.Tensor> tensors = new ArrayList<>();
    for (Map.Entry<String, Tensor> input : golden.inputs().entrySet()) {
      Tensor tensor = input.getValue();
      tensors.add(
          new ModelInput.Tensor(
              input.getKey(), tensor.dtype().name(), tensor.shape(), tensor.data()));
    }
    return new ModelInput(tensors);
  }

  @Override
  public void goldenReading(int index, float[] reading, int rows) {
    GoldenReading.Contradiction found =
        GoldenReading.contradiction(pack.goldenInputs().get(index), layout(), reading, rows);
    if (found == null) {
      goldenInputs++;
    } else {
      refuse("golden input " + index + ": " + found);
    }
  }

  @Override
  public void goldenFailed(int index, String detail) {
    refuse("golden input " + index + ": " + detail);
  }

  @Override
  public void compared(List<ModelInput> inputs) {
    compared = List.copyOf(inputs);
  }

  @Override
  public Map<String, List<String>> inputSizes() {
    return InputSizes.of(structure);
  }

  @Override
  public @Nullable CacheInput cacheInput() {
    KvCache cache = structure.cache();
    return cache == null
        ? null
        : new CacheInput(cache.pastInputs().get(0).name(), cache.lengthAxis());
  }

  @Override
  public void certified() {
    certified = true;
  }

  @Override
  public void answering() {}

  @Override
  public Inference start(long batchSize, long elements, long cachedTokens) {
    return (reading, rows, failure) -> {};
  }

  @Override
  public void closed() {}
}
