package io.innerspan.djl.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.Gating;
import io.innerspan.djl.archive.ArchiveRefusedException;
import io.innerspan.djl.archive.ScriptArchive;
import io.innerspan.djl.fixtures.ScriptedTransformer;
import io.innerspan.djl.fixtures.ScriptedTransformer.Outputs;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Signal;
import io.innerspan.testing.models.TransformerFixture;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged archives are refused, or rewritten: nothing else comes out of the rewriter. */
class ScriptFuzzTest {
  private static final int CASES = 150;
  private static final Signal NORM = ActivationSummary.norm("norm", new HookPoint("layer/0"));

  @TempDir Path folder;

  @Test
  void archives_withOtherBytes_areRefusedOrRewritten() throws Exception {
    byte[] bytes = script().bytes();
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] damaged = bytes.clone();
      for (int flips = 1 + random.nextInt(20); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      refused += isRefused(Files.write(folder.resolve("damaged.pt"), damaged)) ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  @Test
  void archives_withOtherCode_areRefusedOrRewritten() throws Exception {
    Path original = script().write(folder, "original");
    Random random = new Random(4);
    int rewritten = 0;
    try (ScriptArchive archive = ScriptArchive.open(original)) {
      for (int i = 0; i < CASES; i++) {
        Map<String, String> changed = new TreeMap<>(archive.sources());
        List<String> files = new ArrayList<>(changed.keySet());
        String file = files.get(random.nextInt(files.size()));
        changed.compute(file, (name, text) -> mutated(String.valueOf(text), random));
        Path damaged = folder.resolve("damaged.pt");
        try (OutputStream out = Files.newOutputStream(damaged)) {
          archive.copy(out, changed);
        }
        rewritten += isRefused(damaged) ? 0 : 1;
      }
    }
    assertThat(rewritten).isPositive();
  }

  private static String mutated(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(random.nextInt(lines.size()), line);
      case 2 -> lines.set(at, line.substring(random.nextInt(line.length() + 1)));
      case 3 -> lines.set(at, line.replace('(', "):,[\"=\n".charAt(random.nextInt(7))));
      default -> lines.set(at, line + line);
    }
    return String.join("\n", lines);
  }

  private boolean isRefused(Path archive) throws Exception {
    try {
      ScriptRewriter.rewrite(archive, folder.resolve("rewritten.pt"), List.of(NORM), Gating.none());
      return false;
    } catch (ArchiveRefusedException refused) {
      assertThat(refused).hasMessageContaining("damaged");
      return true;
    }
  }

  private static ScriptedTransformer script() {
    return new ScriptedTransformer(TransformerFixture.postNorm(), false, Outputs.TENSOR);
  }
}
