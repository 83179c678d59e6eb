package io.innerspan.examples.djltext.model;

import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A classifier as a TorchScript archive, which needs none of its Java code to run. */
public final class ScriptedClassifier {
  /** Writes an archive; equal classifiers give equal bytes. */
  public static void write(TextClassifier classifier, Path file) throws IOException {
    ModuleObject layers = ScriptedParts.module("Layers");
    List<EncoderLayer> blocks = classifier.layers();
    for (int i = 0; i < blocks.size(); i++) {
      layers.with(Integer.toString(i), ScriptedParts.layer(blocks.get(i)));
    }
    ModuleObject root =
        ScriptedParts.module("Classifier")
            .with("words", ScriptedParts.table("Embedding", classifier.words()))
            .with("positions", ScriptedParts.table("Positions", classifier.positions()))
            .with("norm", ScriptedParts.weighted("LayerNorm", classifier.norm()))
            .with("layers", layers)
            .with("head", ScriptedParts.weighted("Linear", classifier.head()));
    Map<String, String> sources =
        Map.of("__torch__/classifier.py", ScriptedCode.of(classifier.size()));
    try (OutputStream out = Files.newOutputStream(file)) {
      ScriptWriter.write(out, "classifier", sources, root);
    }
  }

  private ScriptedClassifier() {}
}
