package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;
import io.innerspan.djl.archive.ScriptWriter;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreTexts;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code capture --engine djl} on real PyTorch: an embedding whose row of word i is (i, −i), and a
 * module that doubles.
 */
class ScriptCaptureTest {
  private static final int VOCABULARY = 16;
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
      class Double(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.net.Double,
          x: Tensor) -> Tensor:
          return torch.mul(x, 2.)
      class Net(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        words : __torch__.net.Embedding
        twice : __torch__.net.Double
        def forward(self: __torch__.net.Net,
          input_ids: Tensor,
          attention_mask: Tensor) -> Tensor:
          twice = self.twice
          words = self.words
          x = (words).forward(input_ids, )
          y = (twice).forward(x, )
          return torch.sum(torch.mul(y, torch.unsqueeze(attention_mask, 2)), [1])
      """;

  @TempDir private Path folder;
  private Path model;
  private Path store;

  @BeforeEach
  void writeModel() throws Exception {
    float[] weight = new float[2 * VOCABULARY];
    for (int word = 0; word < VOCABULARY; word++) {
      weight[2 * word] = word;
      weight[2 * word + 1] = -word;
    }
    ModuleObject words =
        new ModuleObject("__torch__.net.Embedding")
            .with("weight", new FloatTensor(weight, VOCABULARY, 2));
    ModuleObject root =
        new ModuleObject("__torch__.net.Net")
            .with("words", words)
            .with("twice", new ModuleObject("__torch__.net.Double"));
    model = folder.resolve("net.pt");
    try (OutputStream out = Files.newOutputStream(model)) {
      ScriptWriter.write(out, "net", Map.of("__torch__/net.py", CODE), root);
    }
    store = folder.resolve("store");
  }

  @Test
  void texts_giveWhatTheModulesGive() throws Exception {
    Path texts = Files.writeString(folder.resolve("texts.txt"), "w3 w5\nw1\n\nw7 w2 w9\n");
    Command command =
        run(
            "--data",
            texts,
            "--tokenizer",
            Planted.tokenizer(folder),
            "--hook-point",
            "words",
            "--hook-point",
            "twice");
    assertThat(command.exitCode()).as(command.err()).isZero();
    ActivationStore opened = ActivationStore.open(store);
    assertThat(opened.settings().engine()).startsWith("djl pytorch ");
    StoreTexts words = opened.texts("words");
    assertThat(words.size()).isEqualTo(4);
    assertThat(words.text(3)).isEqualTo("w7 w2 w9");
    assertThat(words.rows().range(0, 6)).containsExactly(3, -3, 5, -5, 1, -1, 7, -7, 2, -2, 9, -9);
    assertThat(opened.texts("twice").rows().range(0, 6))
        .containsExactly(6, -6, 10, -10, 2, -2, 14, -14, 4, -4, 18, -18);
    assertThat(words.id(5)).isEqualTo(9);
  }

  @Test
  void tensors_giveTheRowsOfRealTokens() throws Exception {
    Path tensors = Planted.ids(folder, new long[] {4, 0, 8, 6}, new long[] {1, 0, 1, 1});
    Command command = run("--tensors", tensors, "--hook-point", "twice");
    assertThat(command.exitCode()).as(command.err()).isZero();
    StoreTexts rows = ActivationStore.open(store).texts("twice");
    assertThat(rows.size()).isEqualTo(2);
    assertThat(rows.rows().range(0, 3)).containsExactly(8, -8, 16, -16, 12, -12);
  }

  @Test
  void badInput_isRefusedWithItsPlace() throws Exception {
    Path texts = Files.writeString(folder.resolve("texts.txt"), "w3\n");
    Path tokenizer = Planted.tokenizer(folder);
    run("--data", texts, "--hook-point", "words").assertRefused("--tokenizer");
    run("--data", texts, "--tokenizer", tokenizer, "--hook-point", "verbs")
        .assertRefused(
            "verbs: expected a module that gives a tensor, found no such module; the root has twice,"
                + " words");
    model = Files.writeString(folder.resolve("no.pt"), "no archive");
    run("--data", texts, "--tokenizer", tokenizer, "--hook-point", "words")
        .assertRefused("a TorchScript archive");
  }

  private Command run(Object... more) {
    List<Object> args =
        new ArrayList<>(List.of("capture", "--engine", "djl", "--model", model, "--store", store));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }
}
