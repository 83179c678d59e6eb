package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other tools write, for the induction head, whose stream is 64 wide. */
class PackImportCommandTest {
  private static final int WIDTH = 64;
  private static final String PLACE = "blocks.0.hook_resid_post";

  @TempDir private Path folder;
  private Path model;
  private Path tokenizer;
  private Path texts;

  @BeforeEach
  void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    texts = Files.writeString(folder.resolve("texts.txt"), "w0 w1 w2\nw0 w3 w4 w5 w3\n");
  }

  @Test
  void import_sklearn_foldsTheScalerAndKeepsItsProof() throws Exception {
    double[] coef = new double[WIDTH];
    double[] mean = new double[WIDTH];
    double[] scale = new double[WIDTH];
    double[] x = new double[WIDTH];
    double logit = .25;
    for (int d = 0; d < WIDTH; d++) {
      coef[d] = Math.sin(d);
      mean[d] = .01 * d;
      scale[d] = 1 + .1 * d;
      x[d] = Math.cos(d);
      logit += coef[d] * (x[d] - mean[d]) / scale[d];
    }
    String json =
        "{\"coef\":%s,\"intercept\":0.25,\"mean\":%s,\"scale\":%s,\"x\":[%s],\"logit\":[%s],"
                .formatted(
                    Arrays.toString(coef),
                    Arrays.toString(mean),
                    Arrays.toString(scale),
                    Arrays.toString(x),
                    logit)
            + "\"hook_point\":\""
            + PLACE
            + "\",\"pooling\":\"last\"}";
    Path export = Files.writeString(folder.resolve("probe.json"), json);

    ProbePack pack = imported("sklearn", export);

    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.hookPoint().name()).isEqualTo(PLACE);
    assertThat(probe.pooling()).isEqualTo(Pooling.LAST);
    assertThat(probe.weight(3)).isCloseTo((float) (coef[3] / scale[3]), within(1e-7f));
    assertThat((double) pack.goldenActivation("mine").logit().toFloats()[0])
        .isCloseTo(logit, within(1e-5));
    assertThat(pack.goldenInputs()).hasSize(2);
    Path wrong =
        Files.writeString(
            folder.resolve("wrong.json"), json.replace("\"logit\":[", "\"logit\":[1"));
    refused("sklearn", wrong, "wrong.json: expected weights that give logit[0], ");
    refused("sklearn", texts, "texts.txt: expected a JSON object of coef and intercept, found");
  }

  @Test
  void import_sklearnAsSafetensors_isTheSameProbe() throws Exception {
    float[] weight = new float[WIDTH];
    float[] x = new float[2 * WIDTH];
    double[] logit = {.25, .25};
    for (int d = 0; d < WIDTH; d++) {
      weight[d] = (float) Math.sin(d);
      x[d] = (float) Math.cos(d);
      x[WIDTH + d] = d % 3;
      logit[0] += (double) weight[d] * x[d];
      logit[1] += (double) weight[d] * x[WIDTH + d];
    }
    Map<String, Tensor> tensors =
        Map.of(
            "weight", Tensor.ofFloats(weight, 1, WIDTH),
            "bias", Tensor.ofFloats(new float[] {.25f}),
            "golden.x", Tensor.ofFloats(x, 2, WIDTH),
            "golden.logit", Tensor.ofDoubles(logit));
    Map<String, String> metadata = Map.of("hook_point", PLACE, "pooling", "max");
    Path export = folder.resolve("probe.safetensors");
    SafetensorsWriter.write(export, tensors, metadata);

    ProbePack pack = imported("sklearn", export);

    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.weight()).isEqualTo(weight);
    assertThat(probe.bias()).isEqualTo(.25f);
    assertThat(probe.hookPoint().name()).isEqualTo(PLACE);
    assertThat(probe.pooling()).isEqualTo(Pooling.MAX);
    assertThat((double) pack.goldenActivation("mine").logit().toFloats()[1])
        .isCloseTo(logit[1], within(1e-5));
    Map<String, Tensor> changed = new TreeMap<>(tensors);
    changed.put("bias", Tensor.ofFloats(new float[] {.5f}));
    refusedTensors(changed, "expected weights that give logit[0], ");
    changed.put("bias", Tensor.ofFloats(new float[] {Float.NaN}));
    refusedTensors(changed, "expected 'bias' of finite numbers, found NaN at 0");
    changed.remove("bias");
    refusedTensors(changed, "expected the tensors weight [1, width] and bias [1], found [");
    changed.put("bias", Tensor.ofFloats(new float[] {.25f}));
    changed.put("mean", Tensor.ofFloats(x, 2, WIDTH));
    refusedTensors(changed, "found also [mean]");
    changed.remove("mean");
    changed.put("golden.x", Tensor.ofFloats(x, WIDTH, 2));
    refusedTensors(changed, "expected golden.x [n, 64], found ");
    changed.put("weight", Tensor.ofFloats(x, 2, WIDTH));
    refusedTensors(changed, "expected weight [1, width] and bias [1], found ");
  }

  private void refusedTensors(Map<String, Tensor> tensors, String message) throws Exception {
    Path file = folder.resolve("changed.safetensors");
    SafetensorsWriter.write(file, tensors, Map.of());
    refused("sklearn", file, message, "--hook-point", PLACE);
  }

  @Test
  void import_vectors_isAProbeEachAtTheGivenPlace() throws Exception {
    Path vectors = folder.resolve("means.safetensors");
    SafetensorsWriter.write(
        vectors,
        Map.of("Anger", Tensor.ofFloats(ramp(1)), "joy", Tensor.ofFloats(ramp(-1), 1, WIDTH)),
        Map.of());

    refused("vectors", vectors, "expected --hook-point, as the file names none, found none");
    ProbePack pack = imported("vectors", vectors, "--hook-point", PLACE);

    assertThat(pack.probes())
        .extracting(probe -> probe.id())
        .containsExactly("mine_anger", "mine_joy");
    assertThat(((LinearProbe) pack.probes().get(0)).weight()).isEqualTo(ramp(1));
    assertThat(((LinearProbe) pack.probes().get(0)).bias()).isZero();
  }

  @Test
  void import_repeng_isAProbePerLayerAtTheLastToken() throws Exception {
    Path gguf = Files.write(folder.resolve("happy.gguf"), gguf("controlvector", ramp(1), ramp(2)));

    ProbePack pack = imported("repeng", gguf);

    assertThat(pack.probes()).hasSize(2);
    LinearProbe second = (LinearProbe) pack.probes().get(1);
    assertThat(second.id()).isEqualTo("mine_l1");
    assertThat(second.hookPoint().name()).isEqualTo("blocks.1.hook_resid_post");
    assertThat(second.pooling()).isEqualTo(Pooling.LAST);
    assertThat(second.weight()).isEqualTo(ramp(2));
    Path llama = Files.write(folder.resolve("llama.gguf"), gguf("llama", ramp(1)));
    refused("repeng", llama, "expected general.architecture controlvector, found llama");
    byte[] bytes = Files.readAllBytes(gguf);
    for (int length = 0; length < bytes.length; length += 7) {
      Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(bytes, length));
      refused("repeng", cut, "cut.gguf: expected a GGUF file, found ");
    }
  }

  @Test
  void import_saelens_isASignalOfFeatures() throws Exception {
    Path sae = saeLens(PLACE);

    ProbePack pack = imported("saelens", sae);

    assertThat(((SaeFeatures) pack.signals().get(0)).hookPoint().name()).isEqualTo(PLACE);
    refused("saelens", folder.resolve("none"), "expected a folder with cfg.json");
    refused("saelens", sae, "expected to compile 'mine' into the model", "--hook-point", "nowhere");
  }

  @Test
  void import_saelens_hasGoldenValuesThatTheLiveModelIsHeldTo() throws Exception {
    for (boolean alone : new boolean[] {false, true}) {
      Path out = folder.resolve("sae-pack-" + alone);
      ProbePack pack;
      if (alone) {
        // Without a tokenizer: token ids of our own.
        Command command =
            Command.run(
                "sae", "import", "--saelens", saeLens(PLACE), "--model", model, "--out", out);
        assertThat(command.exitCode()).as(command.err()).isZero();
        pack = PackReader.read(out);
      } else {
        pack = imported("saelens", saeLens(PLACE), "--out", out);
      }
      assertThat(pack.goldenInputs()).hasSize(2);
      Tensor values = pack.goldenInputs().get(1).values().values().iterator().next();
      // Three features, each with index, activation and token; L0, and the error.
      assertThat(values.dim(1)).isEqualTo(11);
      float[] told = values.toFloats();
      assertThat(told[3]).isPositive().isGreaterThanOrEqualTo(told[4]);
      assertThat(Command.run("check", out, "--model", model).exitCode()).isZero();

      // The same weights at another place contradict the values.
      Path other = Files.createDirectory(folder.resolve("moved-" + alone));
      try (Stream<Path> files = Files.list(out)) {
        for (Path file : files.toList()) {
          Files.copy(file, other.resolve(file.getFileName()));
        }
      }
      Path manifest = other.resolve("probe.json");
      Files.writeString(
          manifest, Files.readString(manifest).replace(PLACE, "blocks.1.hook_resid_post"));
      Command contradicted = Command.run("check", other, "--model", model);
      assertThat(contradicted.exitCode()).as(contradicted.err()).isEqualTo(2);
      assertThat(contradicted.err() + contradicted.out())
          .contains("of golden input 0, signal " + pack.signals().get(0).id() + ", row 0");
    }
  }

  private Path saeLens(String place) throws IOException {
    Path sae = Files.createDirectories(folder.resolve("sae"));
    Files.writeString(
        sae.resolve("cfg.json"),
        "{\"architecture\":\"standard\",\"d_in\":64,\"d_sae\":3,\"hook_name\":\""
            + place
            + "\",\"apply_b_dec_to_input\":true,\"normalize_activations\":\"none\"}");
    float[] weights = new float[WIDTH * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.sin(i);
    }
    SafetensorsWriter.write(
        sae.resolve("sae_weights.safetensors"),
        Map.of(
            "W_enc", Tensor.ofFloats(weights, WIDTH, 3),
            "W_dec", Tensor.ofFloats(weights, 3, WIDTH),
            "b_enc", Tensor.ofFloats(new float[] {.5f, .25f, .125f}),
            "b_dec", Tensor.ofFloats(new float[WIDTH])),
        Map.of());
    return sae;
  }

  @Test
  void import_onnxHead_isWhatItComputesForUnitVectors() throws Exception {
    Path head = Files.write(folder.resolve("head.onnx"), TinyOnnx.linear(ramp(.5f), 1.5f, false));

    ProbePack pack = imported("onnx", head, "--hook-point", PLACE, "--pooling", "cls");

    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.weight(5)).isCloseTo(2.5f, within(1e-5f));
    assertThat(probe.bias()).isEqualTo(1.5f);
    assertThat(probe.pooling()).isEqualTo(Pooling.CLS);
    Path sigmoid =
        Files.write(folder.resolve("sigmoid.onnx"), TinyOnnx.linear(ramp(.5f), 1.5f, true));
    refused("onnx", sigmoid, "expected a linear head that gives raw logits (not probabilities)");
    refused("onnx", model, "expected one input, float [n, width]");
  }

  @Test
  void import_widthThatIsNotTheModels_isBadInput() throws Exception {
    Path vectors = folder.resolve("narrow.safetensors");
    SafetensorsWriter.write(vectors, Map.of("v", Tensor.ofFloats(new float[] {1, 2})), Map.of());

    refused(
        "vectors", vectors, "expected an activation of width 2, found 64", "--hook-point", PLACE);
    refused("vectors", vectors, "--id: expected", "--hook-point", PLACE, "--id", "Not An Id");
  }

  @Test
  void import_again_givesTheSameBytes() throws Exception {
    Path head = Files.write(folder.resolve("head.onnx"), TinyOnnx.linear(ramp(.5f), 1.5f, false));
    ProbePack one = imported("onnx", head, "--hook-point", PLACE);
    ProbePack two = imported("onnx", head, "--hook-point", PLACE, "--out", folder.resolve("two"));

    assertThat(two.digest()).isEqualTo(one.digest());
  }

  private static float[] ramp(float slope) {
    float[] ramp = new float[WIDTH];
    for (int d = 0; d < WIDTH; d++) {
      ramp[d] = slope * d;
    }
    return ramp;
  }

  private static byte[] gguf(String architecture, float[]... directions) {
    ByteBuffer out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x46554747).putInt(3).putLong(directions.length).putLong(3);
    text(out, "general.architecture");
    out.putInt(8);
    text(out, architecture);
    text(out, "controlvector.model_hint");
    out.putInt(8);
    text(out, "induction");
    text(out, "controlvector.layer_count");
    out.putInt(4).putInt(directions.length);
    for (int layer = 0; layer < directions.length; layer++) {
      text(out, "direction." + layer);
      out.putInt(1).putLong(WIDTH).putInt(0).putLong((long) layer * WIDTH * Float.BYTES);
    }
    out.position((out.position() + 31) / 32 * 32);
    for (float[] direction : directions) {
      for (float value : direction) {
        out.putFloat(value);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void text(ByteBuffer out, String text) {
    ByteString bytes = ByteString.copyFrom(text, StandardCharsets.UTF_8);
    out.putLong(bytes.size()).put(bytes.toByteArray());
  }

  private ProbePack imported(String format, Path source, Object... more) throws IOException {
    List<Object> args = args(format, source, more);
    Command command = Command.run(args.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    Path out = (Path) args.get(args.indexOf("--out") + 1);
    ProbePack pack = PackReader.read(out);
    assertThat(Command.run("pack", "verify", out, "--model", model).exitCode()).isZero();
    return pack;
  }

  private void refused(String format, Path source, String message, Object... more) {
    List<Object> args = args(format, source, more);
    args.set(args.indexOf("--out") + 1, folder.resolve("none"));
    Command command = Command.run(args.toArray());
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(message);
  }

  private List<Object> args(String format, Path source, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "pack",
                "import",
                format,
                source,
                "--model",
                model,
                "--tokenizer",
                tokenizer,
                "--texts",
                texts));
    args.addAll(List.of(more));
    if (!args.contains("--id")) {
      args.addAll(List.of("--id", "mine"));
    }
    if (!args.contains("--out")) {
      args.addAll(List.of("--out", folder.resolve("out-" + format)));
    }
    return args;
  }
}
