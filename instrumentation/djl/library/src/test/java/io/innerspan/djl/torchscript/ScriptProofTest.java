package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.innerspan.djl.Gating;
import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.djl.fixtures.GoldenPacks;
import io.innerspan.djl.fixtures.TestSignals;
import io.innerspan.djl.fixtures.Torch;
import io.innerspan.djl.golden.GoldenProof;
import io.innerspan.djl.torchscript.CaptureRefusedException.Reason;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptProofTest {
  /** Adds what it has kept to what it is given, and halves that within. */
  private static final String CODE =
      """
      class Half(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.net.Half,
          x: Tensor) -> Tensor:
          return torch.mul(x, 0.5)
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        kept : Tensor
        training : bool
        hidden : __torch__.net.Half
        def forward(self: __torch__.net.Net,
          x: Tensor,
          scale: float=1.) -> Tensor:
          hidden = self.hidden
          kept = self.kept
          y = (hidden).forward(torch.add(x, kept), )
      MORE    return torch.sum(y, [1])
      """;

  private static final String PLAIN = "";
  private static final String KEEPING = "    self.kept = torch.add(kept, 1.)\n";
  private static final String DRAWING = "    noise = torch.rand([1])\n";

  private static final LinearProbe PROBE = TestSignals.probe("probe", new HookPoint("hidden"), 3);
  private static final LinearProbe OTHER = TestSignals.probe("other", new HookPoint("hidden"), 3);
  private static final float[][] TOKENS = {{1, 2, -3}, {0.5f, 0, 4}};

  @TempDir Path folder;
  private int loads;

  private Path archive(String name, String more) throws Exception {
    Path file = folder.resolve(name);
    ModuleObject net =
        new ModuleObject("__torch__.net.Net")
            .with("kept", new FloatTensor(new float[] {0}, 1))
            .with("hidden", new ModuleObject("__torch__.net.Half"));
    ScriptWriter.write(
        Files.newOutputStream(file),
        "net",
        Map.of("__torch__/net.py", CODE.replace("MORE", more)),
        net);
    return file;
  }

  private static Map<String, Tensor> inputs(String name) {
    return Map.of(name, Tensor.ofFloats(new float[] {1, 2, -3, 0.5f, 0, 4}, 1, 2, 3));
  }

  /** Of what the model has within once it has kept a number. */
  private static double logit(LinearProbe probe, float kept) {
    float[][] halves = new float[TOKENS.length][3];
    for (int token = 0; token < TOKENS.length; token++) {
      for (int i = 0; i < 3; i++) {
        halves[token][i] = (TOKENS[token][i] + kept) / 2;
      }
    }
    return ReferenceProbe.logit(probe, halves, new boolean[] {true, true});
  }

  private static ProbePack pack(LinearProbe probe, double... logits) {
    PackBuilder pack = GoldenPacks.of(probe);
    for (double logit : logits) {
      pack.goldenInput(GoldenPacks.input(inputs("x"), probe, logit));
    }
    return pack.build();
  }

  private GoldenProof prove(Path archive, ProbePack... packs) throws Exception {
    Path rewritten = folder.resolve("rewritten.pt");
    return prove(archive, rewritten, manager -> load(rewritten, manager), packs);
  }

  private GoldenProof prove(
      Path archive, Path rewritten, ScriptProof.Loading loading, ProbePack... packs)
      throws Exception {
    List<Signal> signals = new ArrayList<>();
    List.of(packs).forEach(pack -> signals.addAll(pack.signals()));
    RewrittenScript script = ScriptRewriter.rewrite(archive, rewritten, signals, Gating.none());
    assertThat(script.refusals()).isEmpty();
    try (NDManager near = Torch.manager()) {
      try (ScriptProof live = new ScriptProof(script, near, loading)) {
        return GoldenProof.of(List.of(packs), script.layout(), live);
      } finally {
        assertThat(near.getManagedArrays()).isEmpty();
      }
    }
  }

  private Block load(Path archive, NDManager manager) {
    loads++;
    String[] none = {};
    return JniUtils.loadModule((PtNDManager) manager, archive, true, none, none, false);
  }

  @Test
  void packs_thatAreRight_agree_onOneCopy() throws Exception {
    GoldenProof proof =
        prove(
            archive("net.pt", PLAIN),
            pack(PROBE, logit(PROBE, 0), logit(PROBE, 0)),
            pack(OTHER, logit(OTHER, 0)));
    assertThat(proof.misfits()).isEmpty();
    assertThat(proof.contradictions()).isEmpty();
    assertThat(loads).isEqualTo(1);
  }

  @Test
  void pack_withAnotherLogit_isContradicted_othersAreNot() throws Exception {
    GoldenProof proof =
        prove(
            archive("net.pt", PLAIN),
            pack(PROBE, logit(PROBE, 0), logit(PROBE, 0) + 1),
            pack(OTHER, logit(OTHER, 0)));
    assertThat(proof.contradictions()).containsOnlyKeys("probe 1.0.0");
    assertThat(proof.contradictions().get("probe 1.0.0"))
        .startsWith("golden input 1: probe probe, row 0: expected logit ");
  }

  @Test
  void pack_withAnotherName_isContradicted() throws Exception {
    ProbePack pack =
        GoldenPacks.of(PROBE)
            .goldenInput(GoldenPacks.input(inputs("y"), PROBE, logit(PROBE, 0)))
            .build();
    assertThat(prove(archive("net.pt", PLAIN), pack).contradictions())
        .containsEntry(
            "probe 1.0.0",
            "golden input 0: expected a reading, found: inputs [y] where [x, scale], at least the"
                + " first 1 of them, are expected");
  }

  @Test
  void pack_withAnInputThatTheModelDoesNotTake_isContradicted() throws Exception {
    Map<String, Tensor> flat = Map.of("x", Tensor.ofFloats(new float[] {1}, 1));
    ProbePack pack = GoldenPacks.of(PROBE).goldenInput(GoldenPacks.input(flat, PROBE, 0)).build();
    assertThat(prove(archive("net.pt", PLAIN), pack).contradictions().get("probe 1.0.0"))
        .startsWith("golden input 0: expected a reading, found: ai.djl.engine.EngineException");
  }

  @Test
  void signal_ofAnotherWidth_isAMisfit() throws Exception {
    LinearProbe wide = TestSignals.probe("wide", new HookPoint("hidden"), 4);
    GoldenProof proof = prove(archive("net.pt", PLAIN), pack(wide, 0));
    assertThat(proof.contradictions()).isEmpty();
    assertThat(proof.misfits().get("wide").detail())
        .contains("expected [batch, tokens, 4]", "found [1, 2, 3]", "(golden input 0)");
  }

  @Test
  void modelThatKeepsSomething_runsOnCopies_newOnesForEachPack() throws Exception {
    GoldenProof proof =
        prove(
            archive("net.pt", KEEPING),
            pack(PROBE, logit(PROBE, 0), logit(PROBE, 1), logit(PROBE, 2)),
            pack(OTHER, logit(OTHER, 0), logit(OTHER, 1)));
    assertThat(proof.contradictions()).isEmpty();
    assertThat(loads).isEqualTo(4);
  }

  @Test
  void modelThatDrawsRandomNumbers_isNotRun() throws Exception {
    GoldenProof proof = prove(archive("net.pt", DRAWING), pack(PROBE, logit(PROBE, 0)));
    assertThat(proof.contradictions().get("probe 1.0.0"))
        .startsWith("golden input 0: expected a reading, found: a model that draws random numbers");
    assertThat(loads).isZero();
  }

  @Test
  void captureThatGivesOtherOutputs_refusesTheModel() throws Exception {
    Path other = folder.resolve("other.pt");
    ProbePack pack = pack(PROBE, logit(PROBE, 0));
    ScriptRewriter.rewrite(
        archive("more.pt", KEEPING + "    y = torch.add(y, 1.)\n"),
        other,
        pack.signals(),
        Gating.none());
    Path rewritten = folder.resolve("rewritten.pt");
    assertThatThrownBy(
            () ->
                prove(
                    archive("net.pt", KEEPING),
                    rewritten,
                    manager -> load(loads == 0 ? rewritten : other, manager),
                    pack))
        .isInstanceOfSatisfying(
            CaptureRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.OUTPUT_CHANGED))
        .hasMessage("output 0: expected the same bits, found others");
  }

  @Test
  void captureThatFails_refusesTheModel() throws Exception {
    Path original = archive("net.pt", KEEPING);
    assertThatThrownBy(
            () ->
                prove(
                    original,
                    folder.resolve("rewritten.pt"),
                    manager -> load(original, manager), // Which has no such method.
                    pack(PROBE, logit(PROBE, 0))))
        .isInstanceOfSatisfying(
            CaptureRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.RUN_FAILED));
  }

  @Test
  void archiveThatIsNotLoaded_refusesTheModel() throws Exception {
    assertThatThrownBy(
            () ->
                prove(
                    archive("net.pt", PLAIN),
                    folder.resolve("rewritten.pt"),
                    manager -> {
                      throw new CaptureRefusedException(Reason.ENGINE_REFUSED, "no");
                    },
                    pack(PROBE, logit(PROBE, 0))))
        .isInstanceOf(CaptureRefusedException.class)
        .hasMessage("no");
  }
}
