package io.innerspan.signals.pack;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes a pack of a manifest and the tensors that it names. */
final class PackAssembler {
  private final Manifest manifest;
  private final PackTensors tensors;
  private final List<Signal> signals = new ArrayList<>();
  private final List<GoldenActivation> activations = new ArrayList<>();
  private final Map<String, ProbeReport> reports = new HashMap<>();

  PackAssembler(Manifest manifest, PackTensors tensors) {
    this.manifest = manifest;
    this.tensors = tensors;
  }

  ProbePack assemble(String digest) throws PackException {
    for (Manifest.SignalEntry entry : manifest.signals()) {
      try {
        add(entry);
      } catch (InvalidValueException fault) {
        throw fault.under(entry.path());
      }
    }
    return new ProbePack(
        manifest.name(),
        manifest.version(),
        digest,
        manifest.licence(),
        manifest.description(),
        manifest.model(),
        manifest.tokenizer(),
        signals,
        activations,
        goldenInputs(),
        reports,
        manifest.trainingData(),
        manifest.evaluation());
  }

  private void add(Manifest.SignalEntry entry) throws PackException {
    if (entry.probe() == null) {
      signals.add(ActivationSummary.norm(entry.id(), entry.hookPoint()));
      return;
    }
    Manifest.ProbeEntry parts = entry.probe();
    List<Threshold> thresholds = parts.thresholds();
    Threshold threshold = thresholds.isEmpty() ? null : thresholds.get(0);
    Probe probe = probe(entry.id(), entry.hookPoint(), parts, threshold);
    signals.add(probe);
    activations.add(golden(probe, parts.goldenX(), parts.goldenLogit()));
    reports.put(
        probe.id(),
        new ProbeReport(
            thresholds.subList(Math.min(1, thresholds.size()), thresholds.size()),
            parts.metrics(),
            parts.baselines()));
  }

  private Probe probe(
      String id, HookPoint hookPoint, Manifest.ProbeEntry parts, @Nullable Threshold threshold)
      throws PackException {
    Mlp mlp = parts.mlp().isEmpty() ? null : mlp(parts.mlp());
    if (parts.readout() instanceof Manifest.Readout.Attention attention) {
      return attention(id, hookPoint, mlp, attention, parts, threshold);
    }
    Manifest.Readout.Linear readout = (Manifest.Readout.Linear) parts.readout();
    LinearProbe linear =
        new LinearProbe(
            id,
            hookPoint,
            readout.pooling(),
            weight(readout.weight()),
            bias(parts.bias()),
            parts.calibration(),
            threshold,
            parts.positiveLabel(),
            parts.negativeLabel());
    return mlp == null ? linear : new MlpProbe(mlp, linear);
  }

  private AttentionProbe attention(
      String id,
      HookPoint hookPoint,
      @Nullable Mlp mlp,
      Manifest.Readout.Attention readout,
      Manifest.ProbeEntry parts,
      @Nullable Threshold threshold)
      throws PackException {
    Tensor value = matrix(readout.value(), "[heads, width]");
    float[] query = {};
    if (readout.query() != null) {
      Tensor tensor = matrix(readout.query(), "[heads, width]");
      if (tensor.dim(0) != value.dim(0) || tensor.dim(1) != value.dim(1)) {
        throw wrongShape(readout.query(), "[" + value.dim(0) + ", " + value.dim(1) + "]", tensor);
      }
      query = floats(readout.query(), tensor);
    }
    return new AttentionProbe(
        id,
        hookPoint,
        mlp,
        readout.rule(),
        (int) value.dim(0),
        query,
        floats(readout.value(), value),
        bias(parts.bias()),
        parts.calibration(),
        threshold,
        parts.positiveLabel(),
        parts.negativeLabel());
  }

  private Mlp mlp(List<Manifest.LayerEntry> entries) throws PackException {
    List<Mlp.Layer> layers = new ArrayList<>();
    for (Manifest.LayerEntry entry : entries) {
      Tensor weight = matrix(entry.weight(), "[out, in]");
      Tensor bias = tensors.get(entry.bias());
      if (bias.rank() != 1 || bias.dim(0) != weight.dim(0)) {
        throw wrongShape(entry.bias(), "[" + weight.dim(0) + "]", bias);
      }
      layers.add(new Mlp.Layer(floats(entry.weight(), weight), floats(entry.bias(), bias)));
    }
    return new Mlp(layers);
  }

  private Tensor matrix(Manifest.TensorRef reference, String shape) throws PackException {
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() != 2 || tensor.elements() == 0) {
      throw wrongShape(reference, shape, tensor);
    }
    return tensor;
  }

  private float[] weight(Manifest.TensorRef reference) throws PackException {
    Tensor tensor = tensors.get(reference);
    boolean row = tensor.rank() == 2 && tensor.dim(0) == 1;
    if ((tensor.rank() != 1 && !row) || tensor.elements() == 0) {
      throw wrongShape(reference, "[1, width] or [width]", tensor);
    }
    return floats(reference, tensor);
  }

  private float bias(Manifest.TensorRef reference) throws PackException {
    Tensor tensor = tensors.get(reference);
    if (tensor.rank() > 1 || tensor.elements() != 1) {
      throw wrongShape(reference, "[1] or []", tensor);
    }
    return floats(reference, tensor)[0];
  }

  private PackException wrongShape(Manifest.TensorRef reference, String shape, Tensor tensor) {
    String what = "tensor '" + reference.tensor() + "'";
    return new PackException(tensors.pack(), reference.file(), what, "the shape " + shape, tensor);
  }

  private float[] floats(Manifest.TensorRef reference, Tensor tensor) throws PackException {
    try {
      return Golden.checkFloats("tensor '" + reference.tensor() + "'", tensor);
    } catch (InvalidValueException fault) {
      throw new PackException(tensors.pack(), reference.file(), fault);
    }
  }

  private GoldenActivation golden(Probe probe, Manifest.TensorRef x, Manifest.TensorRef logit)
      throws PackException {
    Tensor activations = tensors.get(x);
    Tensor logits = tensors.get(logit);
    try {
      GoldenActivation golden = new GoldenActivation(probe.id(), activations, logits);
      recompute(probe, golden, logit);
      return golden;
    } catch (InvalidValueException fault) {
      throw new PackException(tensors.pack(), logit.file(), fault);
    }
  }

  private void recompute(Probe probe, GoldenActivation golden, Manifest.TensorRef logit)
      throws PackException {
    try {
      Consistency.recompute(probe, golden);
    } catch (InvalidValueException fault) {
      throw new PackException(
          PackException.Kind.GOLDEN_MISMATCH, tensors.pack(), logit.file(), fault);
    }
  }

  private List<GoldenInput> goldenInputs() throws PackException {
    List<GoldenInput> inputs = new ArrayList<>();
    for (Manifest.GoldenEntry entry : manifest.goldenInputs()) {
      Map<String, Tensor> values = all(entry.inputs());
      Map<String, Tensor> logits = all(entry.logits());
      try {
        inputs.add(new GoldenInput(values, logits));
      } catch (InvalidValueException fault) {
        throw fault.under(entry.path());
      }
    }
    return inputs;
  }

  private Map<String, Tensor> all(Map<String, Manifest.TensorRef> references) throws PackException {
    Map<String, Tensor> all = new HashMap<>();
    for (Map.Entry<String, Manifest.TensorRef> reference : references.entrySet()) {
      all.put(reference.getKey(), tensors.get(reference.getValue()));
    }
    return all;
  }
}
