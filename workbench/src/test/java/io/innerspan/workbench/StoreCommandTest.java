package io.innerspan.workbench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.store.ActivationStore;
import io.innerspan.workbench.store.StoreTexts;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code capture --store} through the command. */
class StoreCommandTest {
  private static final String FOUR = "blocks.4.hook_normalized_resid_post";
  private static final String LAST = "blocks.5.hook_normalized_resid_post";

  @TempDir private static Path shared;

  /** What a capture of many texts writes that nobody stops. */
  private static Map<String, String> expected = Map.of();

  @TempDir private Path folder;
  private Path texts;
  private Path store;

  @BeforeEach
  void writeTexts() throws Exception {
    texts =
        Files.writeString(
            folder.resolve("texts.txt"),
            "short\na rather longer sentence about toasters and their manuals\n\nEinen schönen Tag!\n");
    store = folder.resolve("store");
  }

  @Test
  void store_holdsWhatTheFileHolds() throws Exception {
    Path file = folder.resolve("out.safetensors");
    run(texts, "--hook-point", FOUR, "--out", file);
    Map<String, Tensor> expected = SafetensorsReader.read(file).tensors();
    JsonObject told = json(texts, "--hook-point", FOUR, "--hook-point", LAST);
    ActivationStore opened = ActivationStore.open(store);
    assertThat(told.get("texts").getAsInt()).isEqualTo(4);
    assertThat(told.get("tokens").getAsLong()).isEqualTo(opened.tokens());
    assertThat(opened.width(LAST)).isEqualTo(384);
    StoreTexts rows = opened.texts(FOUR);
    long[] splits = expected.get("row_splits").toLongs();
    float[] values = expected.get(FOUR).toFloats();
    long[] offsets = expected.get("token_offsets").toLongs();
    assertThat(rows.size()).isEqualTo(4);
    assertThat(rows.text(3)).isEqualTo("Einen schönen Tag!");
    float[] row = new float[384];
    for (int text = 0; text <= 4; text++) {
      assertThat(rows.firstToken(text)).isEqualTo((int) splits[text]);
    }
    for (int token = 0; token < splits[4]; token++) {
      assertThat(rows.id(token)).isEqualTo(expected.get("input_ids").toLongs()[token]);
      assertThat(rows.isSpecial(token))
          .isEqualTo(expected.get("special_tokens_mask").toLongs()[token] == 1);
      assertThat(rows.begin(token)).isEqualTo((int) offsets[2 * token]);
      assertThat(rows.end(token)).isEqualTo((int) offsets[2 * token + 1]);
      rows.rows().copy(token, row, 0);
      for (int d = 0; d < 384; d++) {
        assertThat(row[d]).isEqualTo(values[token * 384 + d], within(2e-5f));
      }
    }
  }

  /** By a kill that nothing survives, and by the signal that a user's interruption is too. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void store_killedBetweenShards_goesOnToTheSameBytes(boolean forcibly) throws Exception {
    Path many = manyTexts(1_500);
    if (expected.isEmpty()) {
      Path whole = shared.resolve("whole");
      capture(many, whole, FOUR);
      expected = contents(whole);
    }
    assertThat(expected.size()).as("files of several shards").isGreaterThan(6);

    Path out = folder.resolve("out.txt");
    Process child =
        ChildJvm.start(
            out,
            List.of(),
            arguments(many, "--hook-point", FOUR, "--shard-mib", 1, "--store", store));
    try (BufferedReader err =
        new BufferedReader(new InputStreamReader(child.getErrorStream(), UTF_8))) {
      StringBuilder told = new StringBuilder();
      String line = err.readLine();
      while (line != null && !line.contains(" tokens")) {
        told.append(line).append('\n');
        line = err.readLine();
      }
      assertThat(line)
          .as("the first window is written: %s, %s", told, Files.readString(out))
          .isNotNull();
      if (forcibly) {
        child.destroyForcibly();
      } else {
        child.destroy();
      }
    }
    assertThat(child.waitFor()).as("killed").isNotZero();

    assertThatThrownBy(() -> ActivationStore.open(store)).hasMessageContaining("a finished store");
    // What was being written when the process died.
    Files.writeString(store.resolve("shard-99999.safetensors"), "half");

    Command resumed = capture(many, store, FOUR);
    assertThat(resumed.err()).contains("going on after");
    assertThat(contents(store)).isEqualTo(expected);
  }

  @Test
  void store_complete_isLeftAsItIs() throws Exception {
    capture(texts, store, FOUR);
    Map<String, String> before = contents(store);
    JsonObject told = json(texts, "--hook-point", FOUR, "--shard-mib", 1);
    assertThat(told.get("resumed_texts").getAsInt()).isEqualTo(4);
    assertThat(contents(store)).isEqualTo(before);
  }

  @Test
  void store_ofOtherSettings_isRefusedByName() throws Exception {
    capture(texts, store, FOUR);
    Map<String, String> before = contents(store);
    run(texts, "--hook-point", LAST, "--shard-mib", 1, "--store", store)
        .assertRefused("hook points");
    run(texts, "--hook-point", FOUR, "--shard-mib", 2, "--store", store)
        .assertRefused("shard size");
    run(texts, "--hook-point", FOUR, "--shard-mib", 1, "--random-weights", 1, "--store", store)
        .assertRefused("same model");
    Files.writeString(texts, "other\n");
    run(texts, "--hook-point", FOUR, "--shard-mib", 1, "--store", store).assertRefused("same data");
    assertThat(contents(store)).isEqualTo(before);
  }

  @Test
  void store_damagedShard_isRefused() throws Exception {
    capture(texts, store, FOUR);
    Path shard = store.resolve("shard-00000.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] ^= 1;
    Files.write(shard, bytes);
    run(texts, "--hook-point", FOUR, "--shard-mib", 1, "--store", store).assertRefused("CRC-32C");
    Files.delete(shard);
    run(texts, "--hook-point", FOUR, "--shard-mib", 1, "--store", store).assertRefused("shard");
  }

  @Test
  void store_inAFolderOfOtherFiles_isRefused() throws Exception {
    Files.createDirectories(store);
    Files.writeString(store.resolve("diary.txt"), "dear");
    run(texts, "--hook-point", FOUR, "--store", store).assertRefused("other files");
    assertThat(store.resolve("diary.txt")).hasContent("dear");
  }

  @Test
  void store_writtenByAnother_isRefused() throws Exception {
    Files.createDirectories(store);
    try (FileChannel channel =
            FileChannel.open(
                store.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      run(texts, "--hook-point", FOUR, "--store", store).assertRefused("locked");
    }
  }

  @Test
  void store_csvAndJsonLines_giveTextsAndLabels() throws Exception {
    Path csv =
        Files.writeString(folder.resolve("d.csv"), "label,words\nyes,\"a, b\"\nno,\"c\nd\"\n");
    Path jsonl =
        Files.writeString(
            folder.resolve("d.jsonl"),
            "{\"words\":\"a, b\",\"label\":\"yes\"}\n\n{\"label\":\"no\",\"words\":\"c\\nd\"}\n");
    for (Path data : List.of(csv, jsonl)) {
      Path target = folder.resolve(data.getFileName() + ".store");
      Object[] args = {
        "--text-column", "words", "--label-column", "label", "--hook-point", FOUR, "--store", target
      };
      Command command = run(data, args);
      assertThat(command.exitCode()).as(command.err()).isZero();
      StoreTexts rows = ActivationStore.open(target).texts(FOUR);
      assertThat(rows.size()).isEqualTo(2);
      assertThat(rows.text(0)).isEqualTo("a, b");
      assertThat(rows.text(1)).isEqualTo("c\nd");
      assertThat(rows.label(0)).isEqualTo("yes");
      assertThat(rows.label(1)).isEqualTo("no");
    }
  }

  @Test
  void store_badData_isRefusedWithItsPlace() throws Exception {
    Path csv = Files.writeString(folder.resolve("d.csv"), "label,words\nyes,a\n");
    run(csv, "--text-column", "text", "--hook-point", FOUR, "--store", store)
        .assertRefused("a column named 'text'");
    run(csv, "--hook-point", FOUR, "--store", store).assertRefused("--text-column");
    Path jsonl = Files.writeString(folder.resolve("d.jsonl"), "{\"words\":\"a\"}\n[1]\n");
    run(jsonl, "--text-column", "words", "--hook-point", FOUR, "--store", store)
        .assertRefused("line 2");
    Path latin = Files.write(folder.resolve("latin.txt"), new byte[] {'a', (byte) 0xe4, '\n'});
    run(latin, "--hook-point", FOUR, "--store", store).assertRefused("UTF-8");
    Path empty = Files.writeString(folder.resolve("empty.txt"), "");
    run(empty, "--hook-point", FOUR, "--store", store).assertRefused("at least one text");
  }

  @Test
  void store_activationsThatAreNotFinite_areRefusedWithTheirPlace() throws Exception {
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(MiniLm.model())).toBuilder();
    for (TensorProto.Builder weight : model.getGraphBuilder().getInitializerBuilderList()) {
      if (weight.getName().endsWith("encoder.layer.2.output.LayerNorm.bias")) {
        byte[] raw = weight.getRawData().toByteArray();
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, Float.NaN);
        weight.setRawData(ByteString.copyFrom(raw));
      }
    }
    Path broken = Files.write(folder.resolve("broken.onnx"), model.build().toByteArray());
    Command command =
        Command.run(
            "capture",
            "--model",
            broken,
            "--tokenizer",
            MiniLm.tokenizer(),
            "--data",
            texts,
            "--hook-point",
            FOUR,
            "--store",
            store);
    command.assertRefused("expected texts whose activations are finite, found NaN at '" + FOUR);
    assertThat(store.resolve("index.json")).doesNotExist();
  }

  @Test
  void store_randomWeights_areAnotherModelThatRepeats() throws Exception {
    Path other = folder.resolve("random");
    JsonObject plain = json(texts, "--hook-point", FOUR);
    Object[] args = {"--hook-point", FOUR, "--shard-mib", 1, "--random-weights", 7, "--store"};
    for (Path target : List.of(other, folder.resolve("again"))) {
      Object[] all = Arrays.copyOf(args, args.length + 1);
      all[args.length] = target;
      assertThat(run(texts, all).exitCode()).isZero();
    }
    assertThat(contents(folder.resolve("again"))).isEqualTo(contents(other));
    assertThat(ActivationStore.open(other).settings().modelSha256())
        .isNotEqualTo(plain.get("model_sha256").getAsString());
  }

  private Path manyTexts(int count) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append("text number ").append(i).append(" of ").append("many, ".repeat(i % 7));
      lines.append("more or less\n");
    }
    return Files.writeString(folder.resolve("many.txt"), lines);
  }

  private Command capture(Path data, Path target, String hookPoint) {
    Command command = run(data, "--hook-point", hookPoint, "--shard-mib", 1, "--store", target);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return command;
  }

  private JsonObject json(Path data, Object... more) {
    Object[] args = Arrays.copyOf(more, more.length + 3);
    args[more.length] = "--store";
    args[more.length + 1] = store;
    args[more.length + 2] = "--json";
    Command command = run(data, args);
    assertThat(command.exitCode()).as(command.err()).isZero();
    return JsonParser.parseString(command.out()).getAsJsonObject();
  }

  private static Command run(Path data, Object... more) {
    return Command.run(arguments(data, more));
  }

  private static Object[] arguments(Path data, Object... more) {
    List<Object> args =
        new ArrayList<>(
            List.of(
                "capture",
                "--model",
                MiniLm.model(),
                "--tokenizer",
                MiniLm.tokenizer(),
                "--data",
                data));
    args.addAll(List.of(more));
    return args.toArray();
  }

  /** Every file but the lock, by name. */
  private static Map<String, String> contents(Path folder) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.endsWith("lock")) {
          contents.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }
}
