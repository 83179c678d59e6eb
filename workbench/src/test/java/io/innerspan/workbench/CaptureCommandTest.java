package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureCommandTest {
  private static final String FOUR = "blocks.4.hook_normalized_resid_post";
  private static final String LAST = "blocks.5.hook_normalized_resid_post";

  @TempDir private Path folder;
  private Path texts;

  @BeforeEach
  void writeTexts() throws Exception {
    texts =
        Files.writeString(
            folder.resolve("texts.txt"),
            "short\na rather longer sentence about toasters and their manuals\n\nEinen schönen Tag!\n");
  }

  @Test
  void capture_everyToken_liesTextAfterTextInTheFilesOrder() throws Exception {
    Map<String, Tensor> tensors = capture("none", FOUR, LAST);
    long[] splits = tensors.get("row_splits").toLongs();
    assertThat(splits).hasSize(5).startsWith(0, 3);
    int tokens = (int) splits[4];
    assertThat(tensors.get(FOUR).shape()).containsExactly(tokens, 384);
    assertThat(tensors.get(LAST).shape()).containsExactly(tokens, 384);
    long[] ids = tensors.get("input_ids").toLongs();
    long[] special = tensors.get("special_tokens_mask").toLongs();
    for (int text = 0; text < 4; text++) {
      assertThat(ids[(int) splits[text]]).as("[CLS]").isEqualTo(101);
      assertThat(ids[(int) splits[text + 1] - 1]).as("[SEP]").isEqualTo(102);
      assertThat(special[(int) splits[text]]).isEqualTo(1);
    }
    assertThat(splits[3] - splits[2]).as("tokens of the empty line").isEqualTo(2);
    assertThat(tensors.get("attention_mask").toLongs()).containsOnly(1).hasSize(tokens);
    long[] offsets = tensors.get("token_offsets").toLongs();
    assertThat(new long[] {offsets[2], offsets[3]}).as("short").containsExactly(0, 5);
  }

  @ParameterizedTest
  @CsvSource({"mean", "last", "cls", "max"})
  void capture_pooled_isThePoolingOfEveryToken(String pooling) throws Exception {
    Map<String, Tensor> every = capture("none", FOUR);
    float[] pooled = capture(pooling, FOUR).get(FOUR).toFloats();
    float[] tokens = every.get(FOUR).toFloats();
    long[] splits = every.get("row_splits").toLongs();
    assertThat(pooled).hasSize(4 * 384);
    for (int text = 0; text < 4; text++) {
      int from = (int) splits[text];
      int to = (int) splits[text + 1];
      for (int d = 0; d < 384; d += 37) {
        double expected =
            switch (pooling) {
              case "cls" -> tokens[from * 384 + d];
              case "last" -> tokens[(to - 1) * 384 + d];
              case "max" -> extreme(tokens, from, to, d);
              default -> mean(tokens, from, to, d);
            };
        assertThat(pooled[text * 384 + d]).isEqualTo((float) expected, within(2e-6f));
      }
    }
  }

  @Test
  void capture_twice_givesTheSameBytes() throws Exception {
    capture("none", FOUR);
    byte[] first = Files.readAllBytes(folder.resolve("out.safetensors"));
    capture("none", FOUR);
    assertThat(Files.readAllBytes(folder.resolve("out.safetensors"))).isEqualTo(first);
  }

  @Test
  void capture_unknownHookPoint_isBadInput() {
    Command command = run(texts, "none", "blocks.9.hook_resid_post");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err().lines()).hasSize(1);
    assertThat(command.err()).contains("blocks.9.hook_resid_post");
  }

  @Test
  void capture_csvWithoutTextColumn_namesItsColumns() throws Exception {
    Path csv = Files.writeString(folder.resolve("texts.csv"), "words,label\na,b\n");
    Command command = run(csv, "none", FOUR);
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .isEqualToNormalizingNewlines(
            "innerspan: "
                + csv
                + ": expected --text-column for a CSV file, found none; its columns are [words,"
                + " label]\n");
  }

  @Test
  void capture_jsonLines_giveTheTextsOfTheirField() throws Exception {
    Map<String, Tensor> expected = capture("none", FOUR);
    Path jsonl =
        Files.writeString(
            folder.resolve("texts.jsonl"),
            "{\"words\":\"short\"}\n{\"words\":\"a rather longer sentence about toasters and"
                + " their manuals\"}\n\n{\"words\":\"\"}\n{\"words\":\"Einen sch\\u00f6nen Tag!\"}\n");
    Path out = folder.resolve("json.safetensors");
    Command command = capture(jsonl, out, "--text-column", "words", "--hook-point", FOUR);
    assertThat(command.exitCode()).as(command.err()).isZero();
    assertThat(SafetensorsReader.read(out).tensors()).isEqualTo(expected);
  }

  @Test
  void capture_emptyFile_isBadInput() throws Exception {
    Command command = run(Files.writeString(folder.resolve("empty.txt"), ""), "none", FOUR);
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("expected at least one text, found none");
  }

  @Test
  void capture_intoAFolderThatIsNotThere_isRefusedBeforeTheWork() {
    Path out = folder.resolve("none").resolve("out.safetensors");
    Command command = capture(texts, out, "--hook-point", FOUR);
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .isEqualToNormalizingNewlines(
            "innerspan: "
                + out
                + ": expected a file in a folder that is there, found no folder "
                + out.getParent().toAbsolutePath()
                + "\n");
  }

  private Map<String, Tensor> capture(String pooling, String... hookPoints) throws Exception {
    Command command = run(texts, pooling, hookPoints);
    assertThat(command.exitCode()).as(command.err()).isZero();
    SafetensorsFile file = SafetensorsReader.read(folder.resolve("out.safetensors"));
    assertThat(file.metadata()).containsEntry("innerspan.pooling", pooling);
    return file.tensors();
  }

  private Command run(Path data, String pooling, String... hookPoints) {
    List<Object> options = new ArrayList<>(List.of("--pooling", pooling));
    for (String hookPoint : hookPoints) {
      options.addAll(List.of("--hook-point", hookPoint));
    }
    return capture(data, folder.resolve("out.safetensors"), options.toArray());
  }

  private static Command capture(Path data, Path out, Object... more) {
    List<Object> args = new ArrayList<>(List.of("capture", "--model", MiniLm.model()));
    args.addAll(List.of("--tokenizer", MiniLm.tokenizer(), "--data", data, "--out", out));
    args.addAll(List.of(more));
    return Command.run(args.toArray());
  }

  private static double mean(float[] tokens, int from, int to, int d) {
    double sum = 0;
    for (int token = from; token < to; token++) {
      sum += tokens[token * 384 + d];
    }
    return sum / (to - from);
  }

  private static double extreme(float[] tokens, int from, int to, int d) {
    float max = Float.NEGATIVE_INFINITY;
    for (int token = from; token < to; token++) {
      max = Math.max(max, tokens[token * 384 + d]);
    }
    return max;
  }
}
