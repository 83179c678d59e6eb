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
    Path store = folder.resolve("store");
    Command capture =
        Command.run(
            "capture",
            "--model",
            Planted.model(folder),
            "--tokenizer",
            Planted.tokenizer(folder),
            "--data",
            Files.write(folder.resolve("texts.txt"), lines),
            "--hook-point",
            Planted.LAYER,
            "--store",
            store);
    assertThat(capture.exitCode()).as(capture.err()).isZero();
    TokenChoice choice =
        new TokenChoice(ActivationStore.open(store).texts(Planted.LAYER), TokenSelection.ALL, 0.3);

    int held = 0;
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(choice.isHeldOut(i + 1)).as(lines.get(i)).isEqualTo(choice.isHeldOut(i));
      held += choice.isHeldOut(i) ? 1 : 0;
    }
    assertThat(held).isBetween(10, 60);
  }
}
