package io.innerspan.signals.pack;

import io.innerspan.signals.ActivationNorm;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.safetensors.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
      signals.add(new ActivationNorm(entry.id(), entry.hookPoint()));
      return;
    }
    Manifest.ProbeEntry parts = entry.probe();
    List<Threshold> thresholds = parts.thresholds();
    LinearProbe probe =
        new LinearProbe(
            entry.id(),
            entry.hookPoint(),
            parts.pooling(),
            weight(parts.weight()),
            bias(parts.bias()),
            parts.calibration(),
            thresholds.isEmpty() ? null : thresholds.get(0),
            parts.positiveLabel(),
            parts.negativeLabel());
    signals.add(probe);
    activations.add(golden(probe, parts.goldenX(), parts.goldenLogit()));
    reports.put(
        probe.id(),
        new ProbeReport(
            thresholds.subList(Math.min(1, thresholds.size()), thresholds.size()),
            parts.metrics(),
            parts.baselines()));
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

  private GoldenActivation golden(LinearProbe probe, Manifest.TensorRef x, Manifest.TensorRef logit)
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

  private void recompute(LinearProbe probe, GoldenActivation golden, Manifest.TensorRef logit)
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
