package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Probe;
import io.innerspan.workbench.data.CsvTable;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Holds what a command printed of a probe to what the probe reads in a grafted session. */
final class LiveReadings {
  private LiveReadings() {}

  /**
   * @param folder where the pack lies, and beside it the table of its texts and logits
   * @param pack the pack's name, which is the table's as well
   * @param atLeast so many texts must be there
   */
  static void agree(
      Path folder, String pack, Probe probe, Path model, Path tokenizer, int atLeast) {
    Command check = Command.run("check", folder.resolve(pack), "--model", model);
    assertThat(check.exitCode()).as(check.err()).isZero();
    CsvTable table = CsvTable.read(folder.resolve(pack + ".csv"));
    List<TokenIds> rows = new ArrayList<>();
    try (TextTokenizer words = TextTokenizer.open(tokenizer)) {
      table.column("text").forEach(text -> rows.add(words.encode(text)));
    }
    float[] live = OnnxTextModel.open(model).readings(probe, List.of(rows)).get(0);
    assertThat(live).hasSizeGreaterThan(atLeast);
    for (int i = 0; i < live.length; i++) {
      double expected = Double.parseDouble(table.column("logit").get(i));
      assertThat((double) live[i])
          .isCloseTo(expected, within(2e-5 * Math.max(1, Math.abs(expected))));
    }
  }
}
