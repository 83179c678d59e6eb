package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.workbench.data.Digests;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreTexts;
import io.innerspan.workbench.torch.BlockModelFolder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code capture --engine djl} of a folder whose blocks are defined in Java. */
class BlockCaptureCommandTest {
  @TempDir private Path folder;
  private BlockModelFolder model;
  private Path store;
  private Path texts;
  private Path tokenizer;

  @BeforeEach
  void writeModel() throws Exception {
    model = BlockModelFolder.write(folder.resolve("toy"));
    store = folder.resolve("store");
    texts = Files.writeString(folder.resolve("texts.txt"), "w3 w5\nw1\n\nw7 w2 w9\n");
    tokenizer = Planted.tokenizer(folder);
  }

  @Test
  void texts_giveWhatTheBlocksGive() throws Exception {
    Command command =
        texts("blocks.0.hook_resid_post", "02layer/01twice", "02layer", "01layer/~Twice");
    command.assertRefused("'01layer/~Twice'", "no call of it");
    command = texts("blocks.0.hook_resid_post", "02layer/01twice", "02layer");
    assertThat(command.exitCode()).as(command.err()).isZero();
    ActivationStore opened = ActivationStore.open(store);
    assertThat(opened.settings().engine()).startsWith("djl pytorch ");
    assertThat(opened.settings().modelName()).isEqualTo("toy");
    StoreTexts first = opened.texts("blocks.0.hook_resid_post");
    assertThat(first.size()).isEqualTo(4);
    assertThat(first.text(3)).isEqualTo("w7 w2 w9");
    assertThat(first.rows().range(0, 6)).containsExactly(times(3));
    assertThat(opened.texts("02layer/01twice").rows().range(0, 6)).containsExactly(times(6));
    assertThat(opened.texts("02layer").rows().range(0, 6)).containsExactly(times(9));
  }

  /** The words 3, 5, 1, 7, 2 and 9, many times. */
  private static float[] times(int times) {
    int[] words = {3, 5, 1, 7, 2, 9};
    float[] rows = new float[12];
    for (int i = 0; i < 6; i++) {
      rows[2 * i] = times * words[i];
      rows[2 * i + 1] = -times * words[i];
    }
    return rows;
  }

  @Test
  void tensors_giveTheRowsOfRealTokens_andOutputs() throws Exception {
    Path tensors = Planted.ids(folder, new long[] {4, 0, 8, 6}, new long[] {1, 0, 1, 1});
    Command command = run("--tensors", tensors, "--hook-point", "01layer");
    assertThat(command.exitCode()).as(command.err()).isZero();
    StoreTexts rows = ActivationStore.open(store).texts("01layer");
    assertThat(rows.size()).isEqualTo(2);
    assertThat(rows.rows().range(0, 3)).containsExactly(12, -12, 24, -24, 18, -18);
    store = folder.resolve("outputs");
    command = run("--tensors", tensors, "--hook-point", "output");
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(ActivationStore.open(store).texts("output").rows().range(0, 2))
        .containsExactly(36, -36, 126, -126);
  }

  @Test
  void modelDigest_isTheAgents_andDecidesWhetherAStoreGoesOn() throws Exception {
    Command command = texts("02layer");
    assertThat(command.exitCode()).as(command.err()).isZero();
    String sha256 = ActivationStore.open(store).settings().modelSha256();
    assertThat(sha256).isEqualTo(Digests.sha256(ByteBuffer.wrap(model.saved())));
    assertThat(texts("02layer").out()).contains("4 texts were there");
    float[] others = new float[2 * BlockModelFolder.VOCABULARY];
    Arrays.fill(others, 1);
    model.save(others);
    texts("02layer").assertRefused("model", sha256);
  }

  @Test
  void inputNames_standForThoseThatAModelHasNot() throws Exception {
    model = BlockModelFolder.write(folder.resolve("unnamed"), "unnamed");
    texts("02layer").assertRefused("token ids and an attention mask", "[data0, data1]");
    texts("02layer", "--input-names", "input_ids").assertRefused("--input-names", "[input_ids]");
    Command command = texts("02layer", "--input-names", "input_ids,attention_mask");
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(ActivationStore.open(store).texts("02layer").rows().range(0, 6))
        .containsExactly(times(9));
  }

  @Test
  void badInput_isRefusedWithItsPlace() throws Exception {
    texts("03layer").assertRefused("03layer: no such block; the root has 01layer, 02layer");
    texts("blocks.2.hook_resid_post").assertRefused("after one of 2 layers");
    byte[] parameters = Files.readAllBytes(model.parameters());
    Files.write(model.parameters(), Arrays.copyOf(parameters, parameters.length - 60));
    texts("02layer").assertRefused("parameters that fit the block of toy.Factory");
    Files.writeString(model.parameters(), "something else that is no parameters");
    texts("02layer").assertRefused("parameters that DJL saved for toy.Factory");
    String text = new String(parameters, StandardCharsets.ISO_8859_1);
    Files.writeString(
        model.parameters(), text.replace("words", "nouns"), StandardCharsets.ISO_8859_1);
    texts("02layer").assertRefused("Unexpected parameter name: nouns, expected: words");
    Files.delete(model.parameters());
    texts("02layer").assertRefused("Parameter file not found");
    model.properties("blockFactory=toy.Missing\n");
    texts("02layer").assertRefused("Failed to load BlockFactory: toy.Missing");
    model.properties("engine=PyTorch\n");
    texts("02layer").assertRefused("expected blockFactory=CLASS, found no blockFactory");
    Files.delete(model.path().resolve("serving.properties"));
    texts("02layer").assertRefused("found no serving.properties");
  }

  private Command texts(String... hookPointsAndMore) {
    List<Object> args = new ArrayList<>(List.of("--data", texts, "--tokenizer", tokenizer));
    for (int i = 0; i < hookPointsAndMore.length; i++) {
      if (hookPointsAndMore[i].startsWith("--")) {
        args.addAll(Arrays.asList(hookPointsAndMore).subList(i, hookPointsAndMore.length));
        break;
      }
      args.addAll(List.of("--hook-point", hookPointsAndMore[i]));
    }
    return run(args.toArray());
  }

  private Command run(Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of("capture", "--engine", "djl", "--model", model.path(), "--store", store));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }
}
