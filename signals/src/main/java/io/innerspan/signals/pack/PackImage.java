package io.innerspan.signals.pack;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bytes of a pack's files: the same for the same pack. */
final class PackImage {
  static final String MANIFEST = "probe.json";
  static final String WEIGHTS = "weights.safetensors";
  static final String GOLDEN = "golden.safetensors";

  private final Map<String, byte[]> files;
  private final byte[] manifest;

  private PackImage(Map<String, byte[]> files, byte[] manifest) {
    this.files = files;
    this.manifest = manifest;
  }

  static PackImage of(ProbePack pack) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    put(files, WEIGHTS, weights(pack));
    put(files, GOLDEN, golden(pack));
    return new PackImage(files, ManifestWriter.toBytes(pack, files));
  }

  /** The files beside the manifest, in the order in which they are written. */
  Map<String, byte[]> files() {
    return files;
  }

  byte[] manifest() {
    return manifest;
  }

  String digest() {
    return Sha256.hex(manifest);
  }

  static String weight(String id) {
    return id + ".weight";
  }

  static String bias(String id) {
    return id + ".bias";
  }

  static String query(String id) {
    return id + ".query";
  }

  static String value(String id) {
    return id + ".value";
  }

  static String mlpWeight(String id, int layer) {
    return id + ".mlp." + layer + ".weight";
  }

  static String mlpBias(String id, int layer) {
    return id + ".mlp." + layer + ".bias";
  }

  static String goldenX(String id) {
    return id + ".golden.x";
  }

  static String goldenLogit(String id) {
    return id + ".golden.logit";
  }

  static String goldenInput(int index, String input) {
    return "golden." + index + ".input." + input;
  }

  static String goldenInputLogit(int index, String id) {
    return "golden." + index + ".logit." + id;
  }

  private static void put(Map<String, byte[]> files, String name, Map<String, Tensor> tensors) {
    if (!tensors.isEmpty()) {
      files.put(name, SafetensorsWriter.toBytes(tensors, Map.of()));
    }
  }

  private static Map<String, Tensor> weights(ProbePack pack) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Signal signal : pack.signals()) {
      if (signal instanceof LinearProbe probe) {
        put(tensors, probe);
      } else if (signal instanceof MlpProbe probe) {
        put(tensors, probe.id(), probe.mlp());
        put(tensors, probe.readout());
      } else if (signal instanceof AttentionProbe probe) {
        put(tensors, probe);
      }
    }
    return tensors;
  }

  private static void put(Map<String, Tensor> tensors, LinearProbe probe) {
    tensors.put(weight(probe.id()), Tensor.ofFloats(probe.weight(), 1, probe.width()));
    tensors.put(bias(probe.id()), Tensor.ofFloats(new float[] {probe.bias()}));
  }

  private static void put(Map<String, Tensor> tensors, String id, Mlp mlp) {
    for (int l = 0; l < mlp.layers().size(); l++) {
      Mlp.Layer layer = mlp.layers().get(l);
      tensors.put(mlpWeight(id, l), Tensor.ofFloats(layer.weight(), layer.out(), layer.in()));
      tensors.put(mlpBias(id, l), Tensor.ofFloats(layer.bias()));
    }
  }

  private static void put(Map<String, Tensor> tensors, AttentionProbe probe) {
    String id = probe.id();
    if (probe.mlp() != null) {
      put(tensors, id, probe.mlp());
    }
    if (probe.query().length > 0) {
      tensors.put(query(id), Tensor.ofFloats(probe.query(), probe.heads(), probe.headWidth()));
    }
    tensors.put(value(id), Tensor.ofFloats(probe.value(), probe.heads(), probe.headWidth()));
    tensors.put(bias(id), Tensor.ofFloats(new float[] {probe.bias()}));
  }

  private static Map<String, Tensor> golden(ProbePack pack) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (GoldenActivation activation : pack.goldenActivations()) {
      tensors.put(goldenX(activation.probe()), activation.x());
      tensors.put(goldenLogit(activation.probe()), activation.logit());
    }
    for (int i = 0; i < pack.goldenInputs().size(); i++) {
      int index = i;
      GoldenInput input = pack.goldenInputs().get(i);
      input.inputs().forEach((name, tensor) -> tensors.put(goldenInput(index, name), tensor));
      input.logits().forEach((id, tensor) -> tensors.put(goldenInputLogit(index, id), tensor));
    }
    return tensors;
  }
}
