package io.innerspan.djl.testing;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Position;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.ModelIdentity;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Packs of a probe and a norm at one place of a model, and a confidence of its output.
 *
 * @param id of the probe; {@code id_norm} and {@code id_sure} are the others'
 * @param place where the probe and the norm read
 * @param width of the activation there
 * @param input what the model calls its input
 * @param activation what the model makes of a token there
 * @param error of the golden logit
 */
record ReadingPack(
    String id,
    String place,
    int width,
    String input,
    UnaryOperator<float[]> activation,
    float error) {
  /** For a model that scales each token at a place. */
  ReadingPack(String id, String place, int width, double scale) {
    this(id, place, width, "x", token -> scaled(token, scale), 0);
  }

  /** The same with another name of the input. */
  ReadingPack naming(String other) {
    return new ReadingPack(id, place, width, other, activation, error);
  }

  /** The same with a golden logit that is not the model's. */
  ReadingPack wrong() {
    return new ReadingPack(id, place, width, input, activation, 0.25f);
  }

  static float[] scaled(float[] token, double scale) {
    float[] scaled = new float[token.length];
    for (int i = 0; i < token.length; i++) {
      scaled[i] = (float) (token[i] * scale);
    }
    return scaled;
  }

  LinearProbe probe() {
    float[] weight = new float[width];
    for (int i = 0; i < width; i++) {
      weight[i] = 0.25f * (i + 1) * (i % 2 == 0 ? 1 : -1);
    }
    return new LinearProbe(
        id,
        new HookPoint(place),
        Pooling.MEAN,
        weight,
        0.5f,
        new Calibration.None(),
        new Threshold(0.5, 0.01),
        "seen",
        "unseen");
  }

  ActivationSummary norm() {
    return ActivationSummary.norm(id + "_norm", new HookPoint(place));
  }

  OutputConfidence confidence() {
    return new OutputConfidence(id + "_sure", new HookPoint("output"), Position.FIRST, 1, null);
  }

  /** Writes a pack for the model of a digest. */
  void write(Path packs, String sha256) throws IOException {
    PackWriter.write(packs.resolve(id), pack(sha256).build());
  }

  /**
   * The same, of its probe and norm alone.
   *
   * @param inputs the width of the model's input
   */
  void writeUnsure(Path packs, String sha256, int inputs) throws IOException {
    PackWriter.write(packs.resolve(id), pack(sha256, inputs).build());
  }

  /** Writes a pack of the norms at some places, always read, and called after it and a number. */
  static void writeNorms(Path packs, String id, String sha256, List<String> places)
      throws IOException {
    PackBuilder pack =
        ProbePack.builder(id, "1.0.0", "Apache-2.0", new ModelIdentity(id, sha256, null));
    for (int i = 0; i < places.size(); i++) {
      String norm = id + "_" + i;
      pack.signal(ActivationSummary.norm(norm, new HookPoint(places.get(i))))
          .sampling(norm, Sampling.ALWAYS);
    }
    PackWriter.write(packs.resolve(id), pack.build());
  }

  /** Writes a pack of a confidence alone, which is called as the pack. */
  static void writeSure(Path packs, String id, String sha256) throws IOException {
    OutputConfidence sure =
        new OutputConfidence(id, new HookPoint("output"), Position.FIRST, 1, null);
    PackWriter.write(
        packs.resolve(id),
        ProbePack.builder(id, "1.0.0", "Apache-2.0", new ModelIdentity(id, sha256, null))
            .signal(sure)
            .sampling(id, Sampling.ALWAYS)
            .build());
  }

  /** The same, made with the tokenizer of a digest. */
  ProbePack write(Path packs, String sha256, String tokenizer) throws IOException {
    PackBuilder pack = pack(sha256).tokenizer(new TokenizerIdentity(tokenizer));
    return PackWriter.write(packs.resolve(id), pack.build());
  }

  private PackBuilder pack(String sha256) {
    return pack(sha256, width).signal(confidence()).sampling(id + "_sure", Sampling.ALWAYS);
  }

  private PackBuilder pack(String sha256, int inputs) {
    LinearProbe probe = probe();
    float[] x = new float[width];
    Arrays.fill(x, 0.5f);
    float logit = (float) ReferenceProbe.logit(probe, x);
    float golden = (float) ReferenceProbe.logit(probe, activation.apply(x)) + error;
    return ProbePack.builder(id, "1.0.0", "Apache-2.0", new ModelIdentity(id, sha256, null))
        .probe(probe, Tensor.ofFloats(x, 1, width), Tensor.ofFloats(new float[] {logit}))
        .signal(norm())
        .sampling(id, Sampling.ALWAYS)
        .goldenInput(
            new GoldenInput(
                Map.of(input, Tensor.ofFloats(Arrays.copyOf(x, inputs), 1, 1, inputs)),
                Map.of(id, Tensor.ofFloats(new float[] {golden}))));
  }

  /** Of what is in files, one after the other. */
  static String sha256(Path... files) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files) {
        digest.update(Files.readAllBytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
