package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackRoundTripTest {
  @Test
  void write_probesWithHeads_readBackEqual(@TempDir Path folder) throws Exception {
    ProbePack pack = TestPacks.heads();
    assertThat(PackWriter.write(folder.resolve("heads"), pack)).isEqualTo(pack);
  }

  @Test
  void write_everyKind_readsBackEqual(@TempDir Path folder) throws IOException {
    ProbePack pack = TestPacks.kinds();

    ProbePack written = PackWriter.write(folder.resolve("kinds.zip"), pack);

    assertThat(written).isEqualTo(pack);
    assertThat(written.sampling("words")).isEqualTo(Sampling.ALWAYS);
    assertThat(written.sampling("tuned")).isEqualTo(Sampling.AUTO);
    assertThat(written.goldenInputs().get(1).values()).containsOnlyKeys("activations", "distance");
    SaeFeatures pooled = (SaeFeatures) written.signals().get(4);
    SaeFeatures tokens = (SaeFeatures) written.signals().get(5);
    assertThat(pooled.dictionary().label(1)).isEqualTo("often");
    assertThat(pooled.dictionary().pointer(1)).isEqualTo("/bert-base/4-res/1");
    assertThat(tokens.sae()).as("one autoencoder in memory").isSameAs(pooled.sae());
  }

  @Test
  void write_folder_readsBackEqual(@TempDir Path folder) throws IOException {
    ProbePack pack = TestPacks.full();

    ProbePack written = PackWriter.write(folder.resolve("deep").resolve("pack"), pack);

    assertThat(written).isEqualTo(pack);
    byte[] manifest = Files.readAllBytes(folder.resolve("deep").resolve("pack/probe.json"));
    assertThat(written.digest()).isEqualTo(Sha256.hex(manifest));
    assertThat(written.probes()).extracting(Probe::id).containsExactly("injection", "off_topic");
    assertThat(written.report("off_topic")).isEqualTo(ProbeReport.EMPTY);
    assertThat(written.label()).isEqualTo("injection 1.2.3-rc.1+build.7");
  }

  @Test
  void write_zip_readsBackEqualAndIsTheSameFileAgain(@TempDir Path folder) throws IOException {
    ProbePack pack = TestPacks.full();
    Path first = folder.resolve("a.zip");
    Path second = folder.resolve("b.ZIP");

    assertThat(PackWriter.write(first, pack)).isEqualTo(pack);
    assertThat(PackWriter.write(second, pack)).isEqualTo(pack);

    assertThat(second).hasSameBinaryContentAs(first);
  }

  @Test
  void write_overAPack_replacesItAndLeavesOtherFiles(@TempDir Path folder) throws IOException {
    PackWriter.write(folder, TestPacks.full());
    Files.writeString(folder.resolve("README.md"), "by hand");

    PackWriter.write(folder, TestPacks.small("other", "p"));

    assertThat(PackReader.read(folder)).isEqualTo(TestPacks.small("other", "p"));
    assertThat(folder.resolve("README.md")).hasContent("by hand");
  }

  @Test
  void read_packOfPython_isAccepted() throws IOException, URISyntaxException {
    ProbePack pack =
        PackReader.read(
            Path.of(Objects.requireNonNull(getClass().getResource("/python-pack")).toURI()));

    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(pack.label()).isEqualTo("my-probe 1.0.0");
    assertThat(probe.width()).isEqualTo(8);
    assertThat(probe.pooling()).isEqualTo(Pooling.MEAN);
    assertThat(probe.calibration()).isEqualTo(new Calibration.None());
    assertThat(probe.threshold()).isNull();
    assertThat(probe.positiveLabel()).isEqualTo("positive");
    assertThat(pack.goldenActivations().get(0).rows()).isEqualTo(3);
    assertThat(pack.goldenInputs().get(0).rows()).isEqualTo(3);
    assertThat(pack.goldenInputs().get(0).inputs().keySet())
        .containsExactly("attention_mask", "input_ids");
    assertThat(pack.model().structure()).isNull();
  }

  @Test
  void pythonPack_script_isTheDocumentationsExample() throws IOException {
    String documentation = Files.readString(Path.of("../docs/pack-format.md"));
    int begin = documentation.indexOf("import hashlib");
    String example = documentation.substring(begin, documentation.indexOf("```", begin));

    try (InputStream script = getClass().getResourceAsStream("/python-pack/make_pack.py")) {
      assertThat(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8))
          .endsWith(example);
    }
  }

  /** What numpy gives when nobody thinks of types: float64 everywhere, vectors for matrices. */
  @Test
  void read_doublesAndVectors_areAccepted(@TempDir Path folder) throws IOException {
    byte[] data =
        SafetensorsWriter.toBytes(
            Map.of(
                "w", Tensor.ofDoubles(new double[] {0.1, -2}),
                "b",
                    new Tensor(DType.F64, new long[0], Tensor.ofDoubles(new double[] {0.5}).data()),
                "x", Tensor.ofDoubles(new double[] {10, 1}, 1, 2),
                "y", Tensor.ofDoubles(new double[] {-0.5}, 1, 1),
                "ids", Tensor.ofLongs(new long[] {5, 6}, 1, 2)),
            Map.of());
    Files.write(folder.resolve("all.safetensors"), data);
    String tensor = "{'file':'all.safetensors','tensor':'%s'}";
    String json =
        "{'schema_version':'1.0','name':'n','version':'0.1.0','licence':'MIT',"
            + "'model':{'name':'m','sha256':'%s'},".formatted("0".repeat(64))
            + "'files':{'all.safetensors':{'sha256':'%s','size':%d}},"
                .formatted(Sha256.hex(data), data.length)
            + "'signals':[{'id':'p','kind':'linear_probe','hook_point':'h','pooling':{'kind':'last'},"
            + "'weight':%s,'bias':%s,".formatted(tensor.formatted("w"), tensor.formatted("b"))
            + "'golden':{'x':%s,'logit':%s}}],"
                .formatted(tensor.formatted("x"), tensor.formatted("y"))
            + "'golden_inputs':[{'inputs':{'input_ids':%s},'logits':{'p':%s}}]}"
                .formatted(tensor.formatted("ids"), tensor.formatted("y"));
    Files.writeString(folder.resolve("probe.json"), json.replace('\'', '"'));

    ProbePack pack = PackReader.read(folder);

    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(probe.weight()).containsExactly(0.1f, -2);
    assertThat(probe.bias()).isEqualTo(0.5f);
  }

  @Test
  void read_newerMinorVersion_ignoresWhatItDoesNotKnow(@TempDir Path folder) throws IOException {
    PackWriter.write(folder, TestPacks.full());
    TestPacks.editManifest(
        folder,
        json ->
            json.replace("\"schema_version\": \"1.0\"", "\"schema_version\": \"1.7\", \"new\": [1]")
                .replace("\"kind\": \"platt\",", "\"kind\": \"platt\", \"newer\": null,"));

    assertThat(PackReader.read(folder).probes()).isEqualTo(TestPacks.full().probes());
  }

  @Test
  void build_samePack_hasTheSameDigestAndOtherPacksAnother() {
    assertThat(TestPacks.full().digest()).isEqualTo(TestPacks.full().digest());
    assertThat(TestPacks.small("a", "p").digest()).isNotEqualTo(TestPacks.small("b", "p").digest());
  }
}
