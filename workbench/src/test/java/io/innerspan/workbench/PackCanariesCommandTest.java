package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenActivation;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.PackBuilder;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.RowInputs;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.calibrate.CanaryOptions;
import io.innerspan.workbench.calibrate.CanaryRecorder;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.PackCheck;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.io.PrintWriter;
import java.io.Writer;
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

/** A probe that reads a text's last word and a norm, on the planted model. */
class PackCanariesCommandTest {
  private static final String HERE = Platform.current().architecture();
  private static final List<String> TEXTS = List.of("w0 w3 w5", "w0 w1 w2 w9", "w0 w4 w4 w6");
  private static final HookPoint LAYER = new HookPoint(Planted.LAYER);

  @TempDir private static Path shared;
  private static Path model;
  private static Path tokenizer;
  private static Path pack;
  private static Path data;

  @TempDir private Path folder;

  @BeforeAll
  static void write() throws Exception {
    model = Planted.model(shared);
    tokenizer = Planted.tokenizer(shared);
    float[] weight = new float[64];
    for (int id = 0; id < 16; id++) {
      weight[id] = id - 7.5f;
    }
    Path imported = Planted.lastWord(shared, model, tokenizer, weight);
    pack = shared.resolve("pack");
    PackBuilder builder = copy(PackReader.read(imported));
    PackWriter.write(pack, builder.signal(ActivationSummary.norm("norm", LAYER)).build());
    data = shared.resolve("data.csv");
    Files.writeString(
        data,
        "text,kind\n"
            + TEXTS.get(0)
            + ",red_team\n"
            + TEXTS.get(1)
            + ",ordinary\n"
            + TEXTS.get(0)
            + ",red_team\n"
            + TEXTS.get(2)
            + ",ordinary\n");
  }

  @Test
  void canaries_readings_areTheReferences() throws Exception {
    JsonObject json = json(add(pack, folder.resolve("out"), "--json"));

    assertThat(json.get("canaries").getAsInt()).isEqualTo(3);
    assertThat(json.get("added").getAsInt()).isEqualTo(3);
    assertThat(json.get("red_team").getAsInt()).isEqualTo(1);
    assertThat(json.get("ordinary").getAsInt()).isEqualTo(2);
    assertThat(json.get("architecture").getAsString()).isEqualTo(HERE);
    ProbePack written = PackReader.read(folder.resolve("out"));
    assertThat(written.version()).isEqualTo("1.0.1");
    assertThat(json.getAsJsonObject("pack").get("digest").getAsString())
        .isEqualTo(written.digest());
    assertThat(written.canaries())
        .extracting(Canary::kind)
        .containsExactly(CanaryKind.RED_TEAM, CanaryKind.ORDINARY, CanaryKind.ORDINARY);
    assertThat(written.canaries().get(0).id()).matches("red_team-[0-9a-f]{12}");
    Probe probe = written.probes().get(0);
    Signal norm = written.signals().get(1);
    List<TokenIds> tokens = encode();
    OnnxTextModel.open(model)
        .visit(
            tokens,
            List.of(LAYER),
            silent().count("", tokens.size()),
            (row, taps) -> {
              GoldenInput reading = written.canaries().get(row).reading(HERE);
              assertThat(reading.inputs().get("input_ids").toLongs())
                  .isEqualTo(tokens.get(row).ids());
              float[][] activation = taps.get(0);
              boolean[] real = new boolean[activation.length];
              Arrays.fill(real, true);
              double logit = ReferenceProbe.logit(probe, activation, real);
              assertThat((double) reading.logits().get(probe.id()).toFloats()[0])
                  .isCloseTo(logit, within(1e-4));
              double[] norms =
                  ReferenceSignal.values(
                      norm,
                      RowInputs.of().ids(tokens.get(row).ids()).activation(LAYER, activation));
              float[] recorded = reading.values().get("norm").toFloats();
              assertThat(recorded).hasSize(norms.length);
              for (int column = 0; column < norms.length; column++) {
                assertThat((double) recorded[column]).isCloseTo(norms[column], within(1e-4));
              }
            });
    // The induction head leaves the last word where it is: its place in the stream is 1.
    assertThat(written.canaries().get(0).reading(HERE).logits().get(probe.id()).toFloats()[0])
        .isCloseTo(5 - 7.5f, within(1e-4f));
    assertThat(Command.run("check", folder.resolve("out"), "--model", model).exitCode()).isZero();
  }

  @Test
  void canaries_replayed_agreeUntilAWeightChanges() throws Exception {
    add(pack, folder.resolve("out"));
    ProbePack written = PackReader.read(folder.resolve("out"));
    byte[] bytes = Files.readAllBytes(model);
    bytes[embedding(bytes, 5) + 2] = (byte) 0xC0; // 1.5 in place of 1.
    Path changed = Files.write(folder.resolve("changed.onnx"), bytes);

    assertThat(replay(model, written)).allMatch(replay -> !replay.deviation().isContradiction());
    List<PackCheck.Replay> moved = replay(changed, written);
    assertThat(moved.get(0).deviation().isContradiction()).isTrue();
    assertThat(moved.get(1).deviation().isContradiction()).isFalse();
    refused(
        Command.run(
            "pack",
            "canaries",
            "--pack",
            folder.resolve("out"),
            "--model",
            changed,
            "--record",
            "--in-place"),
        "expected a model with sha256:");
  }

  @Test
  void check_canariesOnTheirModel_areCompared() throws Exception {
    add(pack, folder.resolve("out"));
    Path out = folder.resolve("out");

    JsonObject verified = json(Command.run("pack", "verify", out, "--model", model, "--json"));
    JsonObject checked = json(Command.run("check", out, "--model", model, "--json"));

    JsonObject canaries = verified.getAsJsonObject("canaries");
    assertThat(canaries.get("architecture").getAsString()).isEqualTo(HERE);
    assertThat(canaries.get("compared").getAsInt()).isEqualTo(3);
    assertThat(canaries.get("unrecorded").getAsInt()).isZero();
    assertThat(canaries.getAsJsonArray("moved")).isEmpty();
    JsonObject one = checked.getAsJsonArray("packs").get(0).getAsJsonObject();
    assertThat(one.getAsJsonObject("canaries")).isEqualTo(canaries);
    assertThat(one.get("right").getAsBoolean()).isTrue();
    assertThat(Command.run("check", out, "--model", model).out())
        .contains("canaries: 3 as recorded on " + HERE + ", digest ");
    assertThat(Command.run("pack", "verify", out, "--model", model).out())
        .contains("canaries: 3 as recorded on " + HERE + ", digest ");
    // Without a model nothing is replayed.
    assertThat(json(Command.run("pack", "verify", out, "--json")).get("canaries").isJsonNull())
        .isTrue();
    assertThat(json(Command.run("check", pack, "--model", model, "--json")).toString())
        .contains("\"canaries\":null");
  }

  @Test
  void check_canaryThatGivesSomethingElse_isAFault() throws Exception {
    add(pack, folder.resolve("out"));
    ProbePack right = PackReader.read(folder.resolve("out"));
    Path wrong = folder.resolve("wrong");
    String id = right.canaries().get(1).id();
    PackWriter.write(wrong, withReading(right, 1, HERE, 77));

    for (List<Object> command :
        List.<List<Object>>of(
            List.of("check", wrong, "--model", model, "--json"),
            List.of("pack", "verify", wrong, "--model", model, "--json"))) {
      Command done = Command.run(command.toArray());

      refused(done, "expected what canary '" + id + "' gave on " + HERE + ", found another");
      assertThat(done.err()).contains("expected 77.0");
      JsonObject told = JsonParser.parseString(done.out()).getAsJsonObject();
      assertThat(told.get("right").getAsBoolean()).isFalse();
      assertThat(told.getAsJsonArray("faults")).hasSize(1);
      assertThat(told.toString()).contains("\"moved\":[\"" + id + "\"]");
    }
    assertThat(Command.run("check", wrong).exitCode()).isZero();
  }

  @Test
  void check_canariesOfAnotherArchitecture_areSaidToBeWithoutAReading() throws Exception {
    add(pack, folder.resolve("out"));
    ProbePack right = PackReader.read(folder.resolve("out"));
    Path other = folder.resolve("other");
    PackWriter.write(other, withReading(right, 0, "riscv64", 77));

    Command command = Command.run("check", other, "--model", model);

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out())
        .contains("canaries: 0 as recorded on " + HERE + ", 1 without a reading there, digest ");
  }

  @Test
  void canaries_again_givesTheSameBytes_andAddsNothingTwice() throws Exception {
    add(pack, folder.resolve("one"));
    add(pack, folder.resolve("two"));
    for (String file : new String[] {"probe.json", "weights.safetensors", "golden.safetensors"}) {
      assertThat(folder.resolve("two").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
    }

    JsonObject again = json(add(folder.resolve("one"), folder.resolve("three"), "--json"));

    assertThat(again.get("added").getAsInt()).isZero();
    assertThat(again.getAsJsonArray("moved")).isEmpty();
    assertThat(PackReader.read(folder.resolve("three")).canaries())
        .isEqualTo(PackReader.read(folder.resolve("one")).canaries());
  }

  @Test
  void record_onAnotherArchitecture_addsItsReadings() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    CanaryOptions.Texts texts =
        new CanaryOptions.Texts(tokenizer, data, "text", null, CanaryKind.ORDINARY, 2);
    new CanaryRecorder(new CanaryOptions(pack, model, elsewhere, null, "riscv64", texts), silent())
        .run();
    ProbePack before = PackReader.read(elsewhere);
    assertThat(before.canaries()).hasSize(2);
    assertThat(before.canaries().get(0).readings()).containsOnlyKeys("riscv64");

    Command command = record(elsewhere, "--out", folder.resolve("both"), "--pack-version", "2.0.0");

    assertThat(command.exitCode()).as(command.err()).isZero();
    ProbePack after = PackReader.read(folder.resolve("both"));
    assertThat(after.version()).isEqualTo("2.0.0");
    for (int i = 0; i < 2; i++) {
      assertThat(after.canaries().get(i).id()).isEqualTo(before.canaries().get(i).id());
      assertThat(after.canaries().get(i).readings()).containsOnlyKeys("riscv64", HERE);
      assertThat(after.canaries().get(i).reading("riscv64"))
          .isEqualTo(before.canaries().get(i).reading("riscv64"));
    }
    assertThat(Command.run("pack", "show", folder.resolve("both")).out())
        .contains("canaries: 2, with readings on [");
    assertThat(Command.run("pack", "diff", elsewhere, folder.resolve("both")).out())
        .contains("architectures");
  }

  @Test
  void record_readingThatIsNotWhatItWas_isToldAndReplaced() throws Exception {
    add(pack, folder.resolve("out"));
    ProbePack right = PackReader.read(folder.resolve("out"));
    Canary first = right.canaries().get(0);
    Path wrong = folder.resolve("wrong");
    PackWriter.write(wrong, withReading(right, 0, HERE, 77));

    Command command = record(wrong, "--in-place");

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).contains(first.id() + " was recorded otherwise: ", "expected 77.0");
    assertThat(PackReader.read(wrong).canaries()).containsExactly(first);
  }

  @Test
  void inPlace_replacesThePackAndNothingElse() throws Exception {
    Path copy = Files.createDirectory(folder.resolve("pack"));
    try (Stream<Path> files = Files.list(pack)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(copy.resolve("README.md"), "mine");
    Path zip = folder.resolve("pack.zip");
    PackWriter.write(zip, PackReader.read(pack));

    for (Path place : List.of(copy, zip)) {
      Command command = add(place, null, "--in-place");
      assertThat(command.exitCode()).as(command.err()).isZero();
      assertThat(PackReader.read(place).canaries()).hasSize(3);
    }

    assertThat(PackReader.read(zip).digest()).isEqualTo(PackReader.read(copy).digest());
    assertThat(copy.resolve("README.md")).hasContent("mine");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactlyInAnyOrder(copy, zip);
    }
  }

  @Test
  void calibrate_keepsCanaries() throws Exception {
    add(pack, folder.resolve("out"));
    Path traffic = Planted.concept(folder.resolve("traffic.csv"), 250, 1);

    Command command =
        Command.run(
            "calibrate",
            "--pack",
            folder.resolve("out"),
            "--model",
            model,
            "--tokenizer",
            tokenizer,
            "--traffic",
            traffic,
            "--traffic-column",
            "text",
            "--out",
            folder.resolve("calibrated"));

    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(PackReader.read(folder.resolve("calibrated")).canaries())
        .hasSize(3)
        .isEqualTo(PackReader.read(folder.resolve("out")).canaries());
  }

  @Test
  void canaries_badInput_isOneLine() throws Exception {
    Path none = folder.resolve("none");
    refused(run(pack, data, none, "--text-column", "no", "--kind", "ordinary"), "named 'no'");
    refused(run(pack, data, none, "--kind-column", "no"), "a column named 'no'");
    refused(run(pack, data, none, "--kind", "attack"), "ordinary or red_team, found 'attack'");
    refused(run(pack, data, none), "expected either --kind or --kind-column, found neither");
    refused(add(pack, none, "--kind", "ordinary"), "--kind or --kind-column, found both");
    refused(add(pack, none, "--limit", "0"), "--limit: expected a number from 1 to 256, found 0");
    refused(add(pack, none, "--limit", "257"), "--limit: expected a number from 1 to 256");
    refused(add(pack, none, "--in-place"), "expected either --out or --in-place, found both");
    refused(add(pack, null), "expected either --out or --in-place, found neither");
    refused(add(pack, none, "--record"), "expected either --data or --record, found both");
    refused(add(pack, none, "--pack-version", "one"), "--pack-version");
    refused(add(pack, pack), "an empty directory");
    refused(add(folder.resolve("absent"), none), "absent");
    refused(record(pack, "--out", none), "canaries to record, or --data to make them of");
    Path kinds = Files.writeString(folder.resolve("kinds.csv"), "text,kind\nw0 w1,attack\n");
    refused(run(pack, kinds, none, "--kind-column", "kind"), "in record 1: expected a kind");
    Path two =
        Files.writeString(folder.resolve("two.csv"), "text,kind\nw0 w1,ordinary\nw0 w1,red_team\n");
    refused(
        run(pack, two, none, "--kind-column", "kind"),
        "one kind per text, found ordinary and red_team in record 2");
    Path blank = Files.writeString(folder.resolve("blank.csv"), "text,kind\n ,ordinary\n");
    refused(run(pack, blank, none, "--kind", "ordinary"), "a text in record 1, found a blank one");
    Path empty = Files.writeString(folder.resolve("empty.csv"), "text,kind\n");
    refused(run(pack, empty, none, "--kind", "ordinary"), "expected at least 1 text, found 0");
    Path many = Planted.concept(folder.resolve("many.csv"), 257, 1);
    refused(
        run(pack, many, none, "--kind", "ordinary"), "at most 256 texts, or --limit, found 257");
    Path full = folder.resolve("full");
    json(run(pack, many, full, "--kind", "ordinary", "--limit", "256", "--json"));
    refused(add(full, none), "at most 256 canaries, found 256, and 3 more");
    Path other = Files.writeString(folder.resolve("other.json"), "{}");
    refused(add(pack, none, "--tokenizer", other), "expected the tokenizer of pack ");
    Path tiny = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());
    refused(add(pack, none, "--model", tiny), "expected a model with sha256:");
    assertThat(none).doesNotExist();
  }

  private static void refused(Command command, String message) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines().filter(line -> line.startsWith("innerspan: "))).hasSize(1);
    assertThat(command.err()).contains(message);
  }

  private static JsonObject json(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }

  private static Command add(Path pack, Path out, Object... more) {
    List<Object> all = new ArrayList<>(List.of("--kind-column", "kind"));
    all.addAll(List.of(more));
    return run(pack, data, out, all.toArray());
  }

  /** What {@code more} names again counts. */
  private static Command run(Path pack, Path data, Path out, Object... more) {
    List<Object> args = new ArrayList<>(List.of("pack", "canaries", "--pack", pack));
    args.addAll(List.of("--data", data));
    List<Object> given = List.of(more);
    Map.of("--model", model, "--tokenizer", tokenizer, "--text-column", "text")
        .forEach(
            (name, value) -> {
              if (!given.contains(name)) {
                args.addAll(List.of(name, value));
              }
            });
    if (out != null) {
      args.addAll(List.of("--out", out));
    }
    args.addAll(given);
    return Command.run(args.toArray());
  }

  private static Command record(Path pack, Object... more) {
    List<Object> args = new ArrayList<>(List.of("pack", "canaries", "--pack", pack));
    args.addAll(List.of("--model", model, "--record"));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }

  private static List<PackCheck.Replay> replay(Path on, ProbePack pack) {
    return PackCheck.on(on)
        .replay(pack, pack.canaries(), HERE, silent().count("", pack.canaries().size()));
  }

  /** Where the 1 of a word stands in the table of words, which is the first with ones. */
  private static int embedding(byte[] bytes, int word) {
    int left = word;
    for (int at = 0; at + 4 <= bytes.length; at++) {
      boolean one =
          bytes[at] == 0
              && bytes[at + 1] == 0
              && bytes[at + 2] == (byte) 0x80
              && bytes[at + 3] == 0x3F;
      if (one && left-- == 0) {
        return at;
      }
    }
    throw new AssertionError("no such word: " + word);
  }

  /** A pack with one of another's canaries, that gave another logit on an architecture. */
  private static ProbePack withReading(ProbePack pack, int canary, String on, float logit) {
    Canary one = pack.canaries().get(canary);
    GoldenInput reading = one.reading(HERE);
    GoldenInput other =
        new GoldenInput(
            reading.inputs(),
            Map.of(pack.probes().get(0).id(), Tensor.ofFloats(new float[] {logit})),
            reading.values());
    PackBuilder builder = copy(pack).signal(pack.signals().get(1));
    builder.canary(new Canary(one.id(), one.kind(), one.inputs(), Map.of(on, other)));
    return builder.build();
  }

  private static PackBuilder copy(ProbePack pack) {
    PackBuilder builder =
        ProbePack.builder(pack.name(), pack.version(), pack.licence(), pack.model())
            .tokenizer(pack.tokenizer());
    for (Probe probe : pack.probes()) {
      GoldenActivation golden = pack.goldenActivation(probe.id());
      builder.probe(probe, golden.x(), golden.logit());
    }
    pack.goldenInputs().forEach(builder::goldenInput);
    return builder;
  }

  private static List<TokenIds> encode() {
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      return TEXTS.stream().map(words::encode).toList();
    }
  }

  private static Progress silent() {
    return new Progress(new PrintWriter(Writer.nullWriter()));
  }
}
