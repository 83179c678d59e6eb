package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.innerspan.djl.Gating;
import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptRewriterTest {
  @TempDir Path folder;

  @Test
  void rewrite_ofNoArchive_isRefused() throws Exception {
    Path file = Files.write(folder.resolve("model.pt"), "no zip".getBytes(StandardCharsets.UTF_8));
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(() -> rewrite(file, norm("layer/0")))
        .withMessageContaining("model.pt: expected a ZIP")
        .satisfies(
            e -> assertThat(e.reason()).isEqualTo(ArchiveRefusedException.Reason.NOT_AN_ARCHIVE));
  }

  @Test
  void rewrite_ofATruncatedArchive_isRefused() throws Exception {
    byte[] bytes = Files.readAllBytes(transformer());
    for (int length = 0; length < bytes.length; length += bytes.length / 40) {
      Path file = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(bytes, length));
      assertThatExceptionOfType(ArchiveRefusedException.class)
          .isThrownBy(() -> rewrite(file, norm("layer/0")));
    }
  }

  @Test
  void rewrite_ofAZipThatIsNoTorchScript_isRefused() throws Exception {
    Path file = folder.resolve("other.pt");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/readme.txt"));
    }
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(() -> rewrite(file, norm("layer/0")))
        .satisfies(
            e -> assertThat(e.reason()).isEqualTo(ArchiveRefusedException.Reason.NOT_TORCHSCRIPT));
  }

  @Test
  void rewrite_ofARewrittenArchive_isRefused() throws Exception {
    rewrite(transformer(), norm("layer/0"));
    assertThatExceptionOfType(ArchiveRefusedException.class)
        .isThrownBy(() -> rewrite(folder.resolve("rewritten.pt"), norm("layer/0")))
        .withMessageContaining("found an archive that was rewritten");
  }

  @Test
  void rewrite_leavesOriginalMethodsAndTensorsAsTheyAre() throws Exception {
    Path original = transformer();
    rewrite(original, norm("layer/0/attention"));
    try (ScriptArchive before = ScriptArchive.open(original);
        ScriptArchive after = ScriptArchive.open(folder.resolve("rewritten.pt"))) {
      assertThat(after.rootClass()).isEqualTo(before.rootClass());
      before
          .sources()
          .forEach(
              (file, text) ->
                  assertThat(after.sources().get(file).lines().toList())
                      .containsSubsequence(text.lines().toList()));
    }
  }

  @Test
  void rewrite_isTheSameEachTime() throws Exception {
    Path original = transformer();
    rewrite(original, norm("layer/0"));
    byte[] first = Files.readAllBytes(folder.resolve("rewritten.pt"));
    rewrite(original, norm("layer/0"));
    assertThat(Files.readAllBytes(folder.resolve("rewritten.pt"))).isEqualTo(first);
  }

  @Test
  void signals_atPlacesThatAreNotThere_areRefusedAlone() throws Exception {
    RewrittenScript result =
        rewrite(transformer(), norm("layer/0"), norm("layer/7"), norm("blocks.9.hook_resid_post"));
    assertThat(result.layout().signals()).hasSize(1);
    assertThat(result.refusals().get(id("layer/7")).reason()).isEqualTo(Reason.NO_HOOK_POINT);
    assertThat(result.refusals().get(id("layer/7")).detail())
        .contains("layer/7", "embeddings", "head");
    assertThat(result.refusals().get(id("blocks.9.hook_resid_post")).detail())
        .contains("one of 2 layers");
  }

  @Test
  void signals_ofAnUnnormalizedPlaceInAPostNormModel_areRefused() throws Exception {
    RewrittenScript result = rewrite(transformer(), norm("blocks.0.hook_resid_post"));
    assertThat(result.isEmpty()).isTrue();
    assertThat(folder.resolve("rewritten.pt")).doesNotExist();
  }

  @Test
  void signals_thatTheEngineCannotGive_areRefusedWithTheReason() throws Exception {
    Signal pattern =
        new AttentionSummary("pattern", new HookPoint("blocks.0.attn.hook_pattern"), 2, true);
    RewrittenScript result = rewrite(transformer(), pattern);
    assertThat(result.refusals()).containsOnlyKeys("pattern");
    assertThat(result.refusals().get("pattern").reason()).isEqualTo(Reason.NO_HOOK_POINT);
    assertThat(result.refusals().get("pattern").detail())
        .startsWith("blocks.0.attn.hook_pattern: ");
  }

  /** What an inference does for nothing would be paid by every one. */
  @Test
  void capture_computesOnlyWhatItsSignalsNeed() throws Exception {
    rewrite(transformer(), norm("layer/0"));
    String running = "torch.cumsum(weight, 1)";
    assertThat(code()).doesNotContain(running);
    Signal last =
        TestSignals.probe("last", new HookPoint("layer/0"), Pooling.LAST, TransformerFixture.WIDTH);
    rewrite(transformer(), last);
    assertThat(code()).contains(running);
  }

  private String code() throws Exception {
    try (ScriptArchive after = ScriptArchive.open(folder.resolve("rewritten.pt"))) {
      return String.join("\n", after.sources().values());
    }
  }

  @Test
  void signals_ofAFrozenArchive_areRefusedExceptOutputs() throws Exception {
    RewrittenScript result = rewrite(frozen(), norm("layer/0"), norm("output"));
    assertThat(result.layout().signals()).extracting(Signal::id).containsExactly(id("output"));
    SignalRefusal refusal = result.refusals().get(id("layer/0"));
    assertThat(refusal.detail()).contains("the archive is frozen");
  }

  @Test
  void signals_ofTokensWithoutAMask_areRefused() throws Exception {
    String code =
        """
        class Net(Module):
          __parameters__ = ["weight", ]
          __buffers__ = []
          weight : Tensor
          training : bool
          def forward(self: __torch__.Net,
            input_ids: Tensor) -> Tensor:
            return torch.embedding(self.weight, input_ids)
        """;
    Signal probe = TestSignals.probe("probe", new HookPoint("output"), 4);
    RewrittenScript result = rewrite(archive(code), probe);
    assertThat(result.refusals().get("probe").reason()).isEqualTo(Reason.NO_ATTENTION_MASK);
  }

  private Path transformer() throws Exception {
    return new ScriptedTransformer(TransformerFixture.postNorm(), false, Outputs.TENSOR)
        .write(folder, "transformer");
  }

  private Path frozen() throws Exception {
    return archive(
        """
        class Net(Module):
          __parameters__ = ["weight", ]
          __buffers__ = []
          weight : Tensor
          training : bool
          def forward(self: __torch__.Net,
            x: Tensor) -> Tensor:
            return torch.matmul(x, self.weight)
        """);
  }

  private Path archive(String code) throws Exception {
    Path file = folder.resolve("net.pt");
    try (OutputStream out = Files.newOutputStream(file)) {
      ModuleObject root =
          new ModuleObject("__torch__.Net").with("weight", new FloatTensor(new float[16], 4, 4));
      ScriptWriter.write(out, "net", Map.of("__torch__.py", code), root);
    }
    return file;
  }

  private static String id(String place) {
    return "norm_" + place.replaceAll("[^a-z0-9]", "_");
  }

  private static Signal norm(String place) {
    return ActivationSummary.norm(id(place), new HookPoint(place));
  }

  private RewrittenScript rewrite(Path archive, Signal... signals) throws Exception {
    return ScriptRewriter.rewrite(
        archive, folder.resolve("rewritten.pt"), List.of(signals), Gating.none());
  }
}
