package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packs that are refused for what is not in their manifest; see ManifestSchemaTest for that. */
class PackRefusalTest {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String GOLDEN = "golden.safetensors";

  private Path pack = Path.of("");

  @BeforeEach
  void write(@TempDir Path folder) throws IOException {
    pack = folder.resolve("pack");
    PackWriter.write(pack, TestPacks.full());
  }

  @Test
  void read_changedByte_namesFileAndBothDigests() throws IOException {
    byte[] bytes = Files.readAllBytes(pack.resolve(WEIGHTS));
    String expected = Sha256.hex(bytes);
    bytes[bytes.length - 1] ^= 1;
    Files.write(pack.resolve(WEIGHTS), bytes);

    PackException e = catchThrowableOfType(PackException.class, () -> PackReader.read(pack));

    assertThat(e)
        .hasMessage(
            "pack %s: %s: sha256: expected %s, found %s",
            pack, WEIGHTS, expected, Sha256.hex(bytes));
    assertThat(e.pack()).isEqualTo(pack.toString());
    assertThat(e.file()).isEqualTo(WEIGHTS);
    assertThat(e.what()).isEqualTo("sha256");
    assertThat(e.expected()).isEqualTo(expected);
    assertThat(e.actual()).isEqualTo(Sha256.hex(bytes));
    assertThat(e.kind()).isEqualTo(PackException.Kind.FILE_DIGEST);
  }

  @Test
  void kind_ofEachRefusal_isItsOwn() throws IOException {
    Path manifest = pack.resolve("probe.json");
    String text = Files.readString(manifest);
    assertThat(text).contains("\"schema_version\": \"1.0\"");
    Files.writeString(manifest, text.replace("\"1.0\"", "\"2.0\""));
    assertThat(kind()).isEqualTo(PackException.Kind.NEWER_SCHEMA);
    Files.writeString(manifest, text.replace("\"1.0\"", "\"0.9\""));
    assertThat(kind()).isEqualTo(PackException.Kind.INVALID);
    Files.delete(manifest);
    assertThat(kind()).isEqualTo(PackException.Kind.UNREADABLE);
  }

  private PackException.Kind kind() {
    return catchThrowableOfType(PackException.class, () -> PackReader.read(pack)).kind();
  }

  @Test
  void read_otherSize_isRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(pack.resolve(WEIGHTS));
    Files.write(pack.resolve(WEIGHTS), Arrays.copyOf(bytes, bytes.length - 1));

    refused(WEIGHTS + ": size: expected " + bytes.length + " bytes, found " + (bytes.length - 1));
  }

  @Test
  void read_truncatedTensorsWithTheRightDigest_isRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(pack.resolve(GOLDEN));
    TestPacks.replaceFile(pack, GOLDEN, Arrays.copyOf(bytes, bytes.length - 4));

    refused(GOLDEN + ": tensor '");
  }

  @Test
  void read_missingFile_isRefused() throws IOException {
    Files.delete(pack.resolve(WEIGHTS));

    refused(WEIGHTS + ": file: expected a readable file, found nothing");
  }

  @Test
  void read_folderForAFile_isRefused() throws IOException {
    Files.delete(pack.resolve(WEIGHTS));
    Files.createDirectory(pack.resolve(WEIGHTS));

    refused(WEIGHTS + ": file: expected a regular file, found something else");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights.safetensors", "probe.json"})
  void read_linkForAFile_isRefused(String file) throws IOException {
    Path elsewhere = Files.move(pack.resolve(file), pack.resolveSibling("elsewhere"));
    Files.createSymbolicLink(pack.resolve(file), elsewhere);

    refused(file + ": file: expected a regular file, found a symbolic link");
  }

  @Test
  void read_unreadableFile_isRefused() throws IOException {
    Path file = pack.resolve(WEIGHTS);
    Files.setPosixFilePermissions(file, Set.of());
    assumeTrue(!Files.isReadable(file), "who runs this may read everything");

    refused(WEIGHTS + ": file: expected a readable file, found no permission");
  }

  @Test
  void read_nothingThere_isRefused() {
    assertThatThrownBy(() -> PackReader.read(pack.resolve("none")))
        .isInstanceOf(PackException.class)
        .hasMessageEndingWith("expected a readable folder or zip, found nothing");
  }

  @Test
  void read_folderWithoutManifest_isRefused() throws IOException {
    Files.delete(pack.resolve("probe.json"));

    refused("probe.json: file: expected a readable file, found nothing");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void read_weightsNotFinite_areRefused(float value) throws IOException {
    edit(WEIGHTS, "injection.weight", Tensor.ofFloats(new float[] {1, value}, 1, 2));
    refused(WEIGHTS + ": tensor 'injection.weight'[1]: expected a finite number, found " + value);

    edit(WEIGHTS, "injection.weight", Tensor.ofFloats(new float[] {1, -2}, 1, 2));
    edit(WEIGHTS, "injection.bias", Tensor.ofFloats(new float[] {value}));
    refused(WEIGHTS + ": tensor 'injection.bias'[0]: expected a finite number, found " + value);
  }

  @Test
  void read_weightTooLargeForAFloat_isRefused() throws IOException {
    edit(WEIGHTS, "injection.weight", Tensor.ofDoubles(new double[] {1, 1e39}, 1, 2));

    refused("expected a finite number, found Infinity");
  }

  @Test
  void read_wrongShapes_areRefused() throws IOException {
    Tensor good = Tensor.ofFloats(new float[] {1, -2}, 1, 2);
    edit(WEIGHTS, "injection.weight", Tensor.ofFloats(new float[] {1, -2}, 2, 1));
    refused("'injection.weight': expected the shape [1, width] or [width], found F32[2, 1]");
    edit(WEIGHTS, "injection.weight", Tensor.ofFloats(new float[0], 1, 0));
    refused("expected the shape [1, width] or [width], found F32[1, 0]");
    edit(WEIGHTS, "injection.weight", Tensor.ofLongs(new long[] {1, -2}, 1, 2));
    refused("expected F16, BF16, F32 or F64, found I64[1, 2]");
    edit(WEIGHTS, "injection.weight", Tensor.ofFloats(new float[] {1, -2, 3}, 1, 3));
    refused(GOLDEN + ": golden.x of 'injection': expected the shape [n, 3], found F32[2, 2]");
    edit(WEIGHTS, "injection.weight", good);
    edit(WEIGHTS, "injection.bias", Tensor.ofFloats(new float[] {1, 2}));
    refused("'injection.bias': expected the shape [1] or [], found F32[2]");
    edit(WEIGHTS, "injection.bias", Tensor.ofFloats(new float[] {0.5f}));
    edit(GOLDEN, "injection.golden.logit", Tensor.ofFloats(new float[] {1.5f}));
    refused("golden.logit of 'injection': expected the shape [2], found F32[1]");
    edit(GOLDEN, "injection.golden.logit", Tensor.ofFloats(new float[] {1.5f, -1.5f}));
    edit(GOLDEN, "golden.0.logit.injection", Tensor.ofFloats(new float[] {1}));
    refused("golden_inputs[0].golden logits of 'injection': expected the shape [2], found F32[1]");
    edit(GOLDEN, "golden.0.logit.injection", Tensor.ofFloats(new float[] {0.25f, -3}));
    edit(GOLDEN, "golden.0.input.attention_mask", Tensor.ofLongs(new long[] {1, 1, 1}, 1, 3));
    refused("golden_inputs[0].golden input");
    edit(GOLDEN, "golden.0.input.attention_mask", Tensor.ofDoubles(new double[6], 2, 3));
    refused("expected I64, I32 or F32, found F64");
  }

  @Test
  void read_goldenMismatch_isRefusedWithBothNumbers() throws IOException {
    edit(GOLDEN, "injection.golden.logit", Tensor.ofFloats(new float[] {1.5f, -1.4999f}));

    refused(
        GOLDEN
            + ": golden.logit of 'injection'[1]: expected the recomputed -1.5 within 1.5E-5 of it,"
            + " found -1.4999");
  }

  @Test
  void read_goldenWithinTheTolerance_isAccepted() throws IOException {
    edit(GOLDEN, "injection.golden.logit", Tensor.ofFloats(new float[] {1.50001f, -1.49999f}));

    assertThat(PackReader.read(pack).signals()).hasSize(3);
  }

  @Test
  void read_missingTensor_isRefused() throws IOException {
    TestPacks.editTensors(
        pack,
        WEIGHTS,
        tensors -> {
          tensors.remove("off_topic.bias");
          return tensors;
        });

    refused(WEIGHTS + ": tensor 'off_topic.bias': expected to be there, found nothing");
  }

  @Test
  void read_fileNotListed_isNotRead() throws IOException {
    Files.copy(pack.resolve(WEIGHTS), pack.resolve("more.safetensors"));
    TestPacks.editManifest(
        pack,
        json ->
            json.replaceFirst(
                "(\"bias\": \\{\\s*\"file\": )\"weights.safetensors\"", "$1\"more.safetensors\""));

    refused(
        "probe.json: signals[0].bias.file: expected a file that the manifest lists under files, found"
            + " 'more.safetensors'");
  }

  @Test
  void read_oneTensorManyTimes_isBounded() throws IOException {
    byte[] manifest = Files.readAllBytes(pack.resolve("probe.json"));
    long seen = Files.size(pack.resolve(PackImage.SEEN));
    long total =
        manifest.length
            + seen
            + Files.size(pack.resolve(WEIGHTS))
            + Files.size(pack.resolve(GOLDEN));
    Tensor wide = Tensor.ofFloats(new float[400], 200, 2);
    float[] logits = new float[200];
    Arrays.fill(logits, 0.5f);
    edit(GOLDEN, "injection.golden.x", wide);
    edit(GOLDEN, "injection.golden.logit", Tensor.ofFloats(logits));
    TestPacks.editManifest(
        pack,
        json ->
            json.replace("off_topic.golden.x", "injection.golden.x")
                .replace("off_topic.golden.logit", "injection.golden.logit"));
    assertThat(PackReader.read(pack).signals()).hasSize(3);
    long size = Files.size(pack.resolve(GOLDEN)) + Files.size(pack.resolve(WEIGHTS)) + seen;
    assertThat(size).isGreaterThan(total - manifest.length);

    assertThatThrownBy(
            () -> PackReader.read(pack, new PackLimits(1 << 20, 1 << 20, (int) size, 9, 9)))
        .isInstanceOf(PackException.class)
        .hasMessageContaining("tensor data in all");
  }

  @Test
  void read_beyondTheLimits_isRefused() throws IOException {
    int manifest = (int) Files.size(pack.resolve("probe.json"));
    int weights = (int) Files.size(pack.resolve(WEIGHTS));
    int golden = (int) Files.size(pack.resolve(GOLDEN));
    int seen = (int) Files.size(pack.resolve(PackImage.SEEN));
    int all = 1 << 20;

    refused(new PackLimits(manifest - 1, all, all, 9, 9), "probe.json: size: expected at most");
    refused(new PackLimits(manifest, golden - 1, all, 9, 9), GOLDEN + ": size: expected at most");
    refused(
        new PackLimits(manifest, all, golden + seen + weights - 1, 9, 9),
        WEIGHTS + ": size: expected at most " + (weights - 1) + " bytes, found " + weights);
    refused(new PackLimits(manifest, all, all, 1, 9), "files: expected at most 1, found 3");
  }

  @Test
  void build_partsThatDoNotFit_areRefused() {
    PackBuilder none = ProbePack.builder("n", "1.0.0", "MIT", TestPacks.MODEL);
    assertThatThrownBy(none::build).hasMessage("signals: expected at least 1, found 0");

    ProbePack small = TestPacks.small("n", "p");
    PackBuilder noGolden =
        ProbePack.builder("n", "1.0.0", "MIT", TestPacks.MODEL).signal(small.probes().get(0));
    assertThatThrownBy(noGolden::build)
        .hasMessage("golden activations: expected logits of every probe, found none of 'p'");

    PackBuilder noInput =
        ProbePack.builder("n", "1.0.0", "MIT", TestPacks.MODEL)
            .probe(
                small.probes().get(0),
                small.goldenActivations().get(0).x(),
                small.goldenActivations().get(0).logit());
    assertThatThrownBy(noInput::build)
        .hasMessage("golden_inputs: expected logits of every probe, found none of 'p'");

    noInput
        .goldenInput(small.goldenInputs().get(0))
        .report("q", new ProbeReport(List.of(), Map.of("auroc", Metric.exact(1)), Map.of()));
    assertThatThrownBy(noInput::build)
        .hasMessage("reports: expected ids of the pack's probes, found 'q'");

    assertThatThrownBy(() -> new GoldenInput(Map.of(), Map.of()))
        .hasMessageStartingWith("golden input: expected inputs and logits");
  }

  @Test
  void build_numbersOfOtherSignals_areHeldToTheirColumns() {
    Tensor ids = Tensor.ofLongs(new long[] {1}, 1, 1);
    PackBuilder builder =
        ProbePack.builder("n", "1.0.0", "MIT", TestPacks.MODEL)
            .signal(ActivationSummary.norm("norm", new HookPoint("h")))
            .sampling("other", Sampling.ALWAYS);
    assertThatThrownBy(builder::build)
        .hasMessage("sampling: expected ids of the pack's signals, found 'other'");

    builder
        .sampling("other", Sampling.AUTO)
        .goldenInput(
            new GoldenInput(
                Map.of("input_ids", ids),
                Map.of(),
                Map.of("norm", Tensor.ofFloats(new float[] {1, 2}, 1, 2))));
    assertThatThrownBy(builder::build)
        .hasMessage("golden values of 'norm': expected the shape [1, 1], found F32[1, 2]");

    assertThatThrownBy(
            () ->
                new GoldenInput(
                    Map.of("input_ids", ids),
                    Map.of(),
                    Map.of("norm", Tensor.ofFloats(new float[] {1, 2}, 2, 1))))
        .hasMessage("golden values of 'norm': expected the shape [1, columns], found F32[2, 1]");
  }

  @Test
  void limits_ofTheHeap_growWithItAndAreBounded() {
    assertThat(PackLimits.forHeap(64 << 20).fileBytes()).isEqualTo(128 << 20);
    assertThat(PackLimits.forHeap(2L << 30).totalBytes()).isEqualTo(512 << 20);
    assertThat(PackLimits.forHeap(Long.MAX_VALUE).totalBytes()).isEqualTo(1 << 30);
  }

  private void edit(String file, String tensor, Tensor value) throws IOException {
    TestPacks.editTensors(
        pack,
        file,
        tensors -> {
          assertThat(tensors).containsKey(tensor);
          tensors.put(tensor, value);
          return tensors;
        });
  }

  private void refused(String message) {
    refused(PackLimits.DEFAULT, message);
  }

  private void refused(PackLimits limits, String message) {
    assertThatThrownBy(() -> PackReader.read(pack, limits))
        .isInstanceOf(PackException.class)
        .hasMessageStartingWith("pack " + pack + ": ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
