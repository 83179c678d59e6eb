package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.Sampling;
import io.innerspan.testing.models.InductionHead;
import io.innerspan.workbench.data.CsvTable;
import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.torch.BlockModelFolder;
import io.innerspan.workbench.torch.LibraryReadings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code train} on models of DJL, on real PyTorch. The module {@code head} of the TorchScript model
 * adds a direction to every word that has occurred before, as often as it has: a linear concept at
 * the last token of {@code head}, of which {@code words}, where each word is a dimension, knows
 * nothing.
 */
class TorchTrainCommandTest {
  private static final String CODE =
      """
      class Embedding(Module):
        __parameters__ = ["weight", ]
        __buffers__ = []
        weight : Tensor
        training : bool
        def forward(self: __torch__.net.Embedding,
          input: Tensor) -> Tensor:
          weight = self.weight
          return torch.embedding(weight, input)
      class Head(Module):
        __parameters__ = ["direction", ]
        __buffers__ = []
        direction : Tensor
        training : bool
        def forward(self: __torch__.net.Head,
          x: Tensor) -> Tensor:
          direction = self.direction
          same = torch.tril(torch.matmul(x, torch.transpose(x, 1, 2)), -1)
          return torch.add(x, torch.mul(torch.sum(same, [2], True), direction))
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        words : __torch__.net.Embedding
        head : __torch__.net.Head
        def forward(self: __torch__.net.Net,
          input_ids: Tensor,
          attention_mask: Tensor) -> Tensor:
          head = self.head
          words = self.words
          x = (words).forward(input_ids, )
          y = (head).forward(x, )
          return torch.sum(torch.mul(y, torch.unsqueeze(attention_mask, 2)), [1])
      """;

  @TempDir private static Path folder;
  private static Path model;
  private static Path tokenizer;
  private static Path concept;
  private static Path store;

  @BeforeAll
  static void write() throws IOException {
    model = script("net.pt", CODE);
    tokenizer = Planted.tokenizer(folder);
    concept = Planted.concept(folder.resolve("concept.csv"), 300, 1);
    store = captured("store", "djl", model, concept, "words", "head");
  }

  private static Path script(String name, String code) throws IOException {
    int words = InductionHead.VOCABULARY;
    float[] weight = new float[words * words];
    float[] direction = new float[words];
    for (int word = 0; word < words; word++) {
      weight[word * words + word] = 1;
      direction[word] = (float) Math.sin(word);
    }
    ModuleObject root =
        new ModuleObject("__torch__.net.Net")
            .with(
                "words",
                new ModuleObject("__torch__.net.Embedding")
                    .with("weight", new FloatTensor(weight, words, words)))
            .with(
                "head",
                new ModuleObject("__torch__.net.Head")
                    .with("direction", new FloatTensor(direction, words)));
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      ScriptWriter.write(out, "net", Map.of("__torch__/net.py", code), root);
    }
    return file;
  }

  private static Path captured(
      String name, String engine, Path model, Path data, String... hookPointsAndMore) {
    Path out = folder.resolve(name);
    List<Object> args = new ArrayList<>(List.of("capture", "--engine", engine));
    args.addAll(List.of("--model", model, "--tokenizer", tokenizer, "--store", out));
    args.addAll(List.of("--data", data, "--text-column", "text"));
    for (String each : hookPointsAndMore) {
      args.addAll(
          each.contains(",") ? List.of("--input-names", each) : List.of("--hook-point", each));
    }
    Command command = Command.run(args.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    return out;
  }

  @Test
  void script_store_findsThePlantedConcept_asTheLibraryReadsIt() throws Exception {
    ProbePack pack = train("script", concept, model, "--store", store);
    LinearProbe probe = (LinearProbe) pack.probes().get(0);
    assertThat(pack.sampling("yes")).isEqualTo(Sampling.AUTO);
    assertThat(probe.hookPoint().name()).isEqualTo("head");
    assertThat(probe.pooling()).isEqualTo(Pooling.LAST);
    assertThat(pack.report("yes").metrics().get("auroc").value()).isEqualTo(1);
    assertThat(pack.model().sha256()).isEqualTo(Digests.sha256(model));
    assertThat(pack.model().structure()).isNull();
    assertThat(pack.goldenInputs())
        .hasSize(3)
        .allMatch(
            input ->
                List.copyOf(input.inputs().keySet())
                    .equals(List.of("attention_mask", "input_ids")));
    // Two places, four poolings, five strengths.
    assertThat(Files.readString(folder.resolve("script/README.md")))
        .contains("40 candidates", " --engine djl", " --store store");
    assertAgree(LibraryReadings.ofScript(model, pack, texts("script")), "script");

    ProbePack again = train("again", concept, model, "--store", store, "--engine", "djl");
    assertThat(again.digest()).isEqualTo(pack.digest());
  }

  @Test
  void script_withoutAStore_isTheSameProbe() throws Exception {
    LinearProbe stored =
        (LinearProbe) train("from-store", concept, model, "--store", store).probes().get(0);
    ProbePack pack =
        train(
            "run",
            concept,
            model,
            "--engine",
            "djl",
            "--hook-point",
            "words",
            "--hook-point",
            "head");
    LinearProbe run = (LinearProbe) pack.probes().get(0);
    assertThat(run.hookPoint()).isEqualTo(stored.hookPoint());
    for (int d = 0; d < run.width(); d++) {
      assertThat(run.weight(d)).isCloseTo(stored.weight(d), within(1e-4f));
    }
  }

  @ParameterizedTest
  @CsvSource({"mlp", "multimax"})
  void script_network_isReadAsItWasTrained(String learner) throws Exception {
    ProbePack pack =
        train(
            learner,
            concept,
            model,
            "--store",
            store,
            "--hook-point",
            "head",
            "--learner",
            learner);
    assertAgree(LibraryReadings.ofScript(model, pack, texts(learner)), learner);
  }

  /** The words of each text's beginning, of which a first token says whether they are high. */
  private static Path high() throws IOException {
    StringBuilder csv = new StringBuilder("text,label\n");
    for (int row = 0; row < 240; row++) {
      int first = row % InductionHead.VOCABULARY;
      csv.append('w').append(first);
      for (int rest = row; rest > 0; rest /= InductionHead.VOCABULARY) {
        csv.append(" w").append(rest % InductionHead.VOCABULARY);
      }
      csv.append(first >= InductionHead.VOCABULARY / 2 ? ",yes\n" : ",no\n");
    }
    return Files.writeString(folder.resolve("high.csv"), csv.toString());
  }

  @ParameterizedTest
  @CsvSource({"named,''", "unnamed,'input_ids,attention_mask'"})
  void blocks_store_findsThePlantedConcept_asTheLibraryReadsIt(String name, String inputNames)
      throws Exception {
    boolean named = inputNames.isEmpty();
    BlockModelFolder blocks =
        named
            ? BlockModelFolder.write(folder.resolve("named"))
            : BlockModelFolder.write(folder.resolve("unnamed"), "unnamed");
    Path data = high();
    String[] places = {"blocks.0.hook_resid_post", "02layer/01twice"};
    String[] places2 = named ? places : new String[] {places[0], places[1], inputNames};
    Path captured = captured(name + "-store", "djl", blocks.path(), data, places2);
    Object[] options = {"--store", captured, "--input-names", inputNames};
    ProbePack pack =
        train(name + "-pack", data, blocks.path(), named ? Arrays.copyOf(options, 2) : options);

    assertThat(pack.report("yes").metrics().get("auroc").value()).isEqualTo(1);
    assertThat(((LinearProbe) pack.probes().get(0)).pooling()).isEqualTo(Pooling.CLS);
    assertThat(pack.model().sha256()).isEqualTo(Digests.sha256(ByteBuffer.wrap(blocks.saved())));
    assertThat(pack.goldenInputs().get(0).inputs().keySet())
        .containsExactlyInAnyOrder(
            named ? "input_ids" : "0:input_ids", named ? "attention_mask" : "1:attention_mask");
    String[] arrays = named ? new String[0] : inputNames.split(",", -1);
    List<TokenIds> texts = texts(name + "-pack");
    assertAgree(LibraryReadings.ofBlocks(blocks.path(), pack, texts, arrays), name + "-pack");
  }

  @Test
  void storeOfAnotherEngineOrModel_isBadInput() throws Exception {
    Path onnx = Planted.model(folder);
    refused(onnx, "expected a store of the model sha256:", "--store", store);
    refused(
        onnx,
        "expected a store of --engine onnxruntime, found one of djl pytorch",
        "--store",
        store,
        "--engine",
        "onnxruntime");
    Path other = captured("onnx-store", "onnxruntime", onnx, concept, Planted.LAYER);
    refused(
        model,
        "expected a store of --engine djl, found one of onnxruntime",
        "--store",
        other,
        "--engine",
        "djl");
    Path changed = script("changed.pt", CODE.replace("-1)", "-2)"));
    refused(changed, "expected a store of the model sha256:", "--store", store);
    refused(folder.resolve("missing.pt"), "expected a file, found nothing", "--store", store);
  }

  @Test
  void whatAModelOfDjlHasNot_isBadInput() throws Exception {
    refused(model, "--hook-point: expected modules or blocks", "--engine", "djl");
    refused(
        model,
        "--site: expected --hook-point for a model of DJL",
        "--store",
        store,
        "--site",
        "attn_out");
    refused(model, "expected activations at 'verbs'", "--store", store, "--hook-point", "verbs");
    refused(
        model,
        "verbs: expected a module that gives a tensor, found no such module",
        "--engine",
        "djl",
        "--hook-point",
        "verbs");
    refused(model, "--input-names: expected it with --engine djl only", "--input-names", "a,b");
    refused(
        model,
        "--input-names: expected it for a folder with a model",
        "--engine",
        "djl",
        "--hook-point",
        "head",
        "--input-names",
        "a,b");
  }

  /** The agent does not run golden inputs on such a model, and so would not read the pack. */
  @Test
  void modelThatDrawsRandomNumbers_isBadInput() throws Exception {
    Path drawing =
        script(
            "drawing.pt",
            CODE.replace(
                "return torch.sum(torch.mul(y",
                "return torch.sum(torch.mul(torch.add(y, torch.rand([1]))"));
    refused(
        drawing,
        "expected a model that the agent reads on these inputs, found a model that draws random",
        "--engine",
        "djl",
        "--hook-point",
        "head");
  }

  /** What holds a pack to its model runs ONNX models only, and says so. */
  @Test
  void otherCommands_sayThatTheyTakeOnnx() throws Exception {
    train(
        "other", concept, model, "--store", store, "--hook-point", "head", "--sampling", "always");
    Path pack = folder.resolve("other");
    assertThat(Command.run("check", pack).exitCode()).isZero();
    assertThat(Command.run("pack", "verify", pack).exitCode()).isZero();
    assertThat(PackReader.read(pack).sampling("yes")).isEqualTo(Sampling.ALWAYS);
    assertThat(Files.readString(pack.resolve("README.md"))).contains(" --sampling always");
    String reason = "net.pt: expected an ONNX model, found a zip, as TorchScript archives are";
    Command.run("check", pack, "--model", model).assertRefused(reason);
    Command.run("inspect", model, "--certify", "--pack", pack).assertRefused(reason);
    Command.run("pack", "verify", pack, "--model", model).assertRefused(reason);
    List<Object> canaries = List.of("pack", "canaries", "--pack", pack, "--model", model);
    List<Object> texts = List.of("--tokenizer", tokenizer, "--data", concept, "--kind", "ordinary");
    List<Object> which = List.of("--text-column", "text", "--limit", 8, "--in-place");
    Command.run(Stream.of(canaries, texts, which).flatMap(List::stream).toArray())
        .assertRefused(reason);
    List<Object> calibrate = Command.labelled("calibrate", concept, model, tokenizer);
    calibrate.addAll(List.of("--pack", pack, "--out", folder.resolve("none")));
    Command.run(calibrate.toArray()).assertRefused(reason);
    List<Object> args = Command.labelled("evaluate", concept, model, tokenizer);
    args.addAll(List.of("--pack", pack));
    Command.run(args.toArray()).assertRefused(reason);
    Command.train(concept, folder, tokenizer, folder.resolve("none"))
        .assertRefused("expected an ONNX model, found a directory (models of DJL:");
    Command card = Command.run("pack", "card", pack);
    assertThat(card.exitCode()).as(card.err()).isZero();
    assertThat(card.out()).contains("`head`");
  }

  private static void refused(Path model, String message, Object... more) {
    Command command = Command.train(concept, model, tokenizer, folder.resolve("none"), more);
    command.assertRefused(message);
    assertThat(command.out()).isEmpty();
    assertThat(folder.resolve("none")).doesNotExist();
  }

  private static ProbePack train(String name, Path data, Path model, Object... more)
      throws Exception {
    List<Object> options = new ArrayList<>(List.of("--test-out", folder.resolve(name + ".csv")));
    options.addAll(List.of(more));
    Command command =
        Command.train(data, model, tokenizer, folder.resolve(name), options.toArray());
    assertThat(command.exitCode()).as(command.err()).isZero();
    return PackReader.read(folder.resolve(name));
  }

  private static List<TokenIds> texts(String name) {
    List<TokenIds> texts = new ArrayList<>();
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      CsvTable.read(folder.resolve(name + ".csv"))
          .column("text")
          .forEach(text -> texts.add(words.encode(text)));
    }
    return texts;
  }

  /** The library reads what {@code train} measured, and takes the golden inputs. */
  private static void assertAgree(LibraryReadings readings, String name) {
    CsvTable table = CsvTable.read(folder.resolve(name + ".csv"));
    float[] logits = readings.logits();
    assertThat(logits).hasSizeGreaterThan(30).hasSize(table.column("logit").size());
    for (int i = 0; i < logits.length; i++) {
      double expected = Double.parseDouble(table.column("logit").get(i));
      assertThat((double) logits[i])
          .isCloseTo(expected, within(2e-5 * Math.max(1, Math.abs(expected))));
    }
    assertThat(readings.proof().contradictions()).isEmpty();
    assertThat(readings.proof().misfits()).isEmpty();
  }
}
