package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.TokenSelection;
import io.innerspan.workbench.sae.TokenChoice;
import io.innerspan.workbench.store.ActivationStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which texts of a store an autoencoder is judged by. */
class HeldOutTextsTest {
  @TempDir private Path folder;

  @Test
  void isHeldOut_textInOtherSpacingAndCase_isOnItsSide() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 1; i < 15; i++) {
      for (int j = 1; j < 8; j++) {
        String text = "w0 w" + i + " w" + j;
        lines.add(text);
        lines.add("  " + text.replace(" ", "   ").toUpperCase(Locale.ROOT) + " ");
      }
    }
    TokenChoice choice = choice(Files.write(folder.resolve("texts.txt"), lines));

    int held = 0;
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(choice.isHeldOut(i + 1)).as(lines.get(i)).isEqualTo(choice.isHeldOut(i));
      held += choice.isHeldOut(i) ? 1 : 0;
    }
    assertThat(held).isBetween(10, 60);
  }

  @Test
  void isHeldOut_textsOfAGroup_areOnItsSide_withTheGroupsThatACopyJoins() throws Exception {
    List<String> csv = new ArrayList<>(List.of("text,family"));
    List<String> jsonl = new ArrayList<>();
    for (int i = 1; i < 15; i++) {
      for (int j = 1; j < 8; j++) {
        // The second families share a text with the first.
        String text = "w" + i + " w" + j + (j == 1 ? "" : " w0");
        String family = j == 7 ? "" : (j % 2 == 0 ? "a" : "b") + i;
        text = j == 2 ? "w" + i + "  W1" : text;
        csv.add(text + "," + family);
        jsonl.add("{\"text\":\"" + text + "\",\"family\":\"" + family + "\"}");
      }
    }
    Object[] columns = {"--text-column", "text", "--group-column", "family"};
    TokenChoice choice = choice(Files.write(folder.resolve("texts.csv"), csv), columns);
    TokenChoice objects = choice(Files.write(folder.resolve("texts.jsonl"), jsonl), columns);

    int held = 0;
    int apart = 0;
    for (int i = 0; i < jsonl.size(); i++) {
      int first = i - i % 7;
      assertThat(objects.isHeldOut(i)).isEqualTo(choice.isHeldOut(i));
      if (i % 7 == 6) {
        apart += choice.isHeldOut(i) == choice.isHeldOut(first) ? 0 : 1;
      } else {
        assertThat(choice.isHeldOut(i)).as(csv.get(i + 1)).isEqualTo(choice.isHeldOut(first));
      }
      held += choice.isHeldOut(i) ? 1 : 0;
    }
    assertThat(held).isBetween(10, 60);
    assertThat(apart).as("texts without a group").isPositive();
  }

  private TokenChoice choice(Path data, Object... columns) throws Exception {
    Path store = folder.resolve("store-" + data.getFileName());
    List<Object> arguments = new ArrayList<>(List.of("capture", "--model", Planted.model(folder)));
    arguments.addAll(List.of("--tokenizer", Planted.tokenizer(folder), "--data", data));
    arguments.addAll(List.of("--hook-point", Planted.LAYER, "--store", store));
    arguments.addAll(List.of(columns));
    Command capture = Command.run(arguments.toArray());
    assertThat(capture.exitCode()).as(capture.err()).isZero();
    return new TokenChoice(
        ActivationStore.open(store).texts(Planted.LAYER), TokenSelection.ALL, 0.3);
  }
}
