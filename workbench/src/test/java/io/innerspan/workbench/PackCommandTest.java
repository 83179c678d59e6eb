package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the quickstart's pack. */
class PackCommandTest {
  private static final Path QUICKSTART = Path.of("..", "examples", "quickstart", "pack");

  @TempDir private Path folder;

  @Test
  void show_json_holdsWhatThePackSays() {
    Command command = Command.run("pack", "show", QUICKSTART, "--json");

    assertThat(command.exitCode()).as(command.err()).isZero();
    JsonObject pack = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(pack.get("name").getAsString()).isEqualTo("prompt-injection");
    JsonObject signal = pack.getAsJsonArray("signals").get(0).getAsJsonObject();
    assertThat(signal.get("kind").getAsString()).isEqualTo("linear_probe");
    assertThat(signal.getAsJsonObject("metrics").has("auroc")).isTrue();
    assertThat(Command.run("pack", "show", QUICKSTART).out())
        .contains("prompt_injection: linear_probe at [blocks.", "auroc", "golden inputs: 3");
  }

  @Test
  void show_damagedPack_isBadInput() throws IOException {
    Path copy = copy();
    Files.writeString(copy.resolve("weights.safetensors"), "x");

    oneLine(Command.run("pack", "show", copy), "weights.safetensors: size: expected ");
    oneLine(Command.run("pack", "show", folder.resolve("gone")), "gone");
  }

  @Test
  void card_quickstart_tellsWhatItsReadmeTells() throws IOException {
    Command printed = Command.run("pack", "card", QUICKSTART);
    assertThat(printed.exitCode()).as(printed.err()).isZero();
    String readme = Files.readString(QUICKSTART.resolve("README.md"));
    for (String said :
        new String[] {
          "0.9593 [0.9340, 0.9795]",
          "0.9380 [0.9073, 0.9640]",
          "0.9380121268748433",
          "526dcb4bc874ecb88a5469fe53806811ad8ede27b5cdee4d065f4aca576fc43f",
          "blocks.3.hook_normalized_resid_post",
          "σ(0.6236 · logit -0.3128)",
        }) {
      assertThat(readme).contains(said);
      assertThat(printed.out()).contains(said);
    }
    assertThat(printed.out()).contains("| auroc | ", "| probe |", " 487 independent benign rows");

    Path file = folder.resolve("card.md");
    Command written = Command.run("pack", "card", QUICKSTART, "--out", file);
    assertThat(written.exitCode()).as(written.err()).isZero();
    assertThat(file).hasContent(printed.out());
    oneLine(
        Command.run("pack", "card", QUICKSTART, "--out", folder.resolve("no/card.md")),
        "expected a file in a folder that is there");
  }

  /** Of the 4,058 labelled requests all but the test part's 985, as the packs' READMEs have it. */
  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "djl-text"})
  void shippedPack_knowsWhatItHasSeen(String example) throws Exception {
    Path examples = Path.of("..", "examples");
    ProbePack pack = PackReader.read(examples.resolve(example).resolve("pack"));
    SeenData.Lookup seen = pack.trainingData().seen().lookup();
    List<String> texts =
        CsvTable.read(examples.resolve("quickstart/data/requests.csv")).column("text");
    assertThat(texts).hasSize(4058);
    assertThat(texts.stream().filter(seen::hasText)).hasSize(4058 - 985);
  }

  @Test
  void verify_rightPack_isRightInItselfAndOnItsModel() {
    Command alone = Command.run("pack", "verify", QUICKSTART);
    assertThat(alone.exitCode()).isZero();
    assertThat(alone.out()).contains("prompt-injection 1.0.0: right in itself, digest ");

    Command live = Command.run("pack", "verify", QUICKSTART, "--model", MiniLm.model(), "--json");
    assertThat(live.exitCode()).as(live.err()).isZero();
    JsonObject json = JsonParser.parseString(live.out()).getAsJsonObject();
    assertThat(json.get("right").getAsBoolean()).isTrue();
    assertThat(json.get("on_model").getAsBoolean()).isTrue();
  }

  @Test
  void verify_damagedPackOrAnotherModel_saysEachFault() throws IOException {
    Path copy = copy();
    byte[] weights = Files.readAllBytes(copy.resolve("weights.safetensors"));
    weights[weights.length - 1] ^= 1;
    Files.write(copy.resolve("weights.safetensors"), weights);
    Command damaged = Command.run("pack", "verify", copy, "--json");
    assertThat(damaged.exitCode()).isEqualTo(2);
    assertThat(damaged.out()).contains("\"right\":false", "weights.safetensors: sha256: expected");

    Path tiny = Files.write(folder.resolve("tiny.onnx"), TinyOnnx.identity());
    oneLine(
        Command.run("pack", "verify", QUICKSTART, "--model", tiny),
        "expected a model with sha256:");
  }

  @Test
  void build_sameContentInWhateverForm_givesTheSameBytes() throws IOException {
    Path built = folder.resolve("built");
    Command command = Command.run("pack", "build", copy(), "--out", built);
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(command.out()).contains("prompt-injection 1.0.0, digest ");

    // Without the list of files, and without the manifest's spaces.
    Path draft = folder.resolve("copy");
    JsonObject manifest =
        JsonParser.parseString(Files.readString(draft.resolve("probe.json"))).getAsJsonObject();
    manifest.remove("files");
    Files.writeString(draft.resolve("probe.json"), manifest.toString());
    Path again = folder.resolve("again");
    assertThat(Command.run("pack", "build", draft, "--out", again).exitCode()).isZero();
    Path third = folder.resolve("third");
    assertThat(Command.run("pack", "build", built, "--out", third).exitCode()).isZero();

    for (String file : new String[] {"probe.json", "weights.safetensors", "golden.safetensors"}) {
      assertThat(again.resolve(file)).hasSameBinaryContentAs(built.resolve(file));
      assertThat(third.resolve(file)).hasSameBinaryContentAs(built.resolve(file));
    }
    assertThat(Command.run("pack", "verify", built, "--model", MiniLm.model()).exitCode()).isZero();
  }

  @Test
  void build_weightsThatGoldenActivationsContradict_isBadInput() throws IOException {
    Path draft = copy();
    byte[] weights = Files.readAllBytes(draft.resolve("weights.safetensors"));
    weights[weights.length - 2] ^= 0x40;
    Files.write(draft.resolve("weights.safetensors"), weights);

    Command command = Command.run("pack", "build", draft, "--out", folder.resolve("built"));

    oneLine(command, "golden.logit of 'prompt_injection'[0]: expected the recomputed");
    oneLine(
        Command.run("pack", "build", folder.resolve("none"), "--out", folder.resolve("built")),
        "probe.json: expected a file, found nothing there");
  }

  @Test
  void diff_samePack_hasNoDifference() throws IOException {
    Command command = Command.run("pack", "diff", QUICKSTART, copy());

    assertThat(command.exitCode()).isZero();
    assertThat(command.out()).isEqualToNormalizingNewlines("no difference\n");
  }

  @Test
  void diff_changedField_isTold() throws IOException {
    Path draft = copy();
    Path manifest = draft.resolve("probe.json");
    String text = Files.readString(manifest);
    Files.writeString(manifest, text.replaceFirst("\"score\": 0\\.[0-9]+", "\"score\": 0.125"));
    Path changed = folder.resolve("changed");
    assertThat(Command.run("pack", "build", draft, "--out", changed).exitCode()).isZero();

    Command command = Command.run("pack", "diff", QUICKSTART, changed);
    JsonObject json =
        JsonParser.parseString(Command.run("pack", "diff", QUICKSTART, changed, "--json").out())
            .getAsJsonObject();

    assertThat(command.out()).contains("signals.prompt_injection.threshold.score: 0.", "-> 0.125");
    assertThat(json.keySet()).containsExactly("digest", "signals.prompt_injection.threshold.score");
  }

  private Path copy() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(QUICKSTART)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static void oneLine(Command command, String... parts) {
    assertThat(command.exitCode()).as(command.err()).isEqualTo(2);
    assertThat(command.err().lines()).as(command.err()).hasSize(1);
    assertThat(command.err()).startsWith("innerspan: ").contains(parts);
    assertThat(command.out()).isEmpty();
  }
}
