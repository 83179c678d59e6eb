package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.testing.models.InductionHead;
import io.innerspan.workbench.data.CsvTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user may give by mistake and a machine may refuse: one line, exit code 2, nothing left
 * behind.
 */
class BadInputTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir private Path folder;
  private Path model;
  private Path tokenizer;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    data = Planted.concept(folder.resolve("data.csv"), 200, 1);
  }

  @Test
  void oneLabelOnly_isRefused() throws IOException {
    Path one = Files.writeString(folder.resolve("one.csv"), "text,label\nw0 w1,yes\nw0 w2,yes\n");
    refused(train(one, model, tokenizer), "one.csv: expected rows with another label than 'yes'");
    Path store = stored(folder.resolve("store"), model);
    Path packs = sae(store);
    refused(
        Command.run("sae", "evaluate", "--sae", packs, "--store", store, "--positive", "maybe"),
        "expected texts with the label 'maybe'");
  }

  @Test
  void columnThatIsNotThere_isRefusedWithThoseThatAre() {
    refused(
        captured(tokenizer, "words", "--out", folder.resolve("out.safetensors")),
        "expected a column named 'words', found the columns [text, label, kind]");
  }

  @Test
  void tokenizerOfAnotherModel_isRefused() {
    // MiniLM's ids go to 30,521; the induction head knows 16.
    for (Object[] out :
        new Object[][] {
          {"--out", folder.resolve("out.safetensors")}, {"--store", folder.resolve("store")}
        }) {
      refused(
          captured(MiniLm.tokenizer(), "text", out[0], out[1]),
          "expected a tokenizer that fits the model");
    }
    refused(train(data, model, MiniLm.tokenizer()), "expected a tokenizer that fits the model");
    refused(bench(model, MiniLm.tokenizer()), "expected a tokenizer that fits the model");
    assertThat(folder.resolve("pack")).doesNotExist();
  }

  @Test
  void activationsThatAreNotFinite_areRefusedWithTheirPlace() throws IOException {
    ModelProto.Builder edited = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    TensorProto.Builder embedding =
        edited.getGraphBuilder().getInitializerBuilderList().stream()
            .filter(each -> each.getDims(0) == InductionHead.VOCABULARY && each.getDimsCount() == 2)
            .findFirst()
            .orElseThrow();
    // The last word's embedding.
    byte[] raw = embedding.getRawData().toByteArray();
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).putFloat(raw.length - 4, Float.NaN);
    embedding.setRawData(ByteString.copyFrom(raw));
    Path broken = Files.write(folder.resolve("broken.onnx"), edited.build().toByteArray());

    refused(
        train(data, broken, tokenizer),
        "broken.onnx: expected activations that are finite, found NaN at 'blocks.");
    refused(
        bench(broken, tokenizer),
        "broken.onnx: expected activations that are finite, found NaN at 'blocks.");
    assertThat(folder.resolve("pack")).doesNotExist();
  }

  @Test
  void textsThatRepeat_areToldAndLeftOut_orStayInOnePart() throws Exception {
    List<String> lines = Files.readAllLines(data);
    List<String> grouped = new ArrayList<>(List.of("text,label,family"));
    for (int i = 1; i < lines.size(); i++) {
      String row = lines.get(i).substring(0, lines.get(i).lastIndexOf(','));
      grouped.add(row + ",a" + i);
      if (i % 5 == 0) {
        grouped.add(row.replace(",", " ,") + ",b" + i);
      }
    }
    Path repeated = Files.write(folder.resolve("repeated.csv"), grouped);
    Path test = folder.resolve("test.csv");

    for (boolean kept : new boolean[] {false, true}) {
      Path pack = folder.resolve("pack-" + kept);
      List<Object> options =
          new ArrayList<>(List.of("--group-column", "family", "--test-out", test));
      if (kept) {
        options.add("--keep-duplicates");
      }

      Command command = Command.train(repeated, model, tokenizer, pack, options.toArray());

      assertThat(command.exitCode()).as(command.err()).isZero();
      assertThat(command.err())
          .contains(
              "40 repeat another row's text; "
                  + (kept ? "they stay in one part" : "they are left out"));
      SeenData.Lookup seen = PackReader.read(pack).trainingData().seen().lookup();
      List<String> tested = CsvTable.read(test).column("text");
      assertThat(tested).isNotEmpty().noneMatch(seen::hasText);
      String readme = Files.readString(pack.resolve("README.md"));
      assertThat(readme).contains((kept ? 240 : 200) + " texts in 200 groups");
      assertThat(readme.contains("--keep-duplicates")).isEqualTo(kept);
      Files.delete(test);
    }
  }

  @Test
  void storeOfAnotherModel_isRefused() throws IOException {
    Path store = stored(folder.resolve("store"), model);
    Path packs = sae(store);
    refused(
        Command.run(
            "sae",
            "evaluate",
            "--sae",
            packs,
            "--store",
            store,
            "--model",
            MiniLm.model(),
            "--tokenizer",
            MiniLm.tokenizer()),
        "expected the store's model sha256:");
    Path other = folder.resolve("other");
    Command random = capture(other, model, "--random-weights", 7);
    assertThat(random.exitCode()).as(random.err()).isZero();
    refused(
        Command.run("sae", "evaluate", "--sae", packs, "--store", other),
        "expected a pack for the store's model sha256:");
    Path more = folder.resolve("more");
    refused(
        Command.run("sae", "train", "--store", store, "--model", MiniLm.model(), "--out", more),
        "expected the store's model sha256:");
    refused(
        Command.run("sae", "train", "--store", other, "--model", model, "--out", more),
        "expected a store of the model as it is, for --model, found one with random weights");
    assertThat(more).doesNotExist();
    refused(
        Command.run(
            "features",
            "build",
            "--sae",
            packs.resolve("seed-1"),
            "--store",
            other,
            "--dictionary",
            folder.resolve("features.db"),
            "--version-name",
            "v1"),
        "sha256:");
  }

  @Test
  void diskThatIsFull_isOneLine_andTheStoreGoesOn() throws IOException {
    assumeTrue(Files.exists(FULL), "a device that is always full");
    Path whole = stored(folder.resolve("whole"), model);
    Path store = Files.createDirectory(folder.resolve("store"));
    Path index = Files.createSymbolicLink(store.resolve("index.json.next"), FULL);

    refused(capture(store, model), "No space left on device");

    assertThat(store.resolve("index.json")).doesNotExist();
    refused(
        Command.run("sae", "train", "--store", store, "--out", folder.resolve("saes")), "index");
    Files.delete(index);
    assertThat(capture(store, model).exitCode()).isZero();
    try (Stream<Path> files = Files.list(whole)) {
      for (Path file : files.toList()) {
        assertThat(store.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void diskThatIsFullForAReport_isOneLine() throws IOException {
    assumeTrue(Files.exists(FULL), "a device that is always full");
    Path report = Files.createSymbolicLink(folder.resolve("card.md"), FULL);
    Path quickstart = Path.of("..", "examples", "quickstart", "pack");
    refused(Command.run("pack", "card", quickstart, "--out", report), "No space left on device");
    Path out = Files.createSymbolicLink(folder.resolve("out.safetensors"), FULL);
    refused(captured(tokenizer, "text", "--out", out), "No space left on device");
  }

  private Command train(Path texts, Path ofModel, Path withTokenizer) {
    return Command.train(texts, ofModel, withTokenizer, folder.resolve("pack"));
  }

  private Command captured(Path withTokenizer, String column, Object option, Object where) {
    return Command.run(
        "capture",
        "--model",
        model,
        "--tokenizer",
        withTokenizer,
        "--data",
        data,
        "--text-column",
        column,
        "--hook-point",
        Planted.LAYER,
        option,
        where);
  }

  private Command bench(Path ofModel, Path withTokenizer) {
    return Command.run(
        "bench",
        "--data",
        data,
        "--text-column",
        "text",
        "--label-column",
        "label",
        "--model",
        ofModel,
        "--tokenizer",
        withTokenizer);
  }

  private Path stored(Path store, Path ofModel) {
    Command command = capture(store, ofModel);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return store;
  }

  private Command capture(Path store, Path ofModel, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "capture",
                "--model",
                ofModel,
                "--tokenizer",
                tokenizer,
                "--data",
                data,
                "--text-column",
                "text",
                "--label-column",
                "label",
                "--hook-point",
                Planted.LAYER,
                "--store",
                store));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }

  private Path sae(Path store) {
    Path packs = folder.resolve("packs");
    Command command =
        Command.run(
            "sae",
            "train",
            "--store",
            store,
            "--out",
            packs,
            "--features",
            16,
            "--k",
            2,
            "--seeds",
            1,
            "--epochs",
            1,
            "--batch",
            64);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return packs;
  }

  private static void refused(Command command, String... parts) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(parts);
    assertThat(command.out()).isEmpty();
  }
}
