package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.safetensors.SafetensorsWriter;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.models.InductionHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A model of which it is known what it holds where, and texts for it. The induction head finds out
 * in its last layer, and there only, whether a text's last word has occurred before: a linear
 * concept at the last token of {@code blocks.1}. Words, their pairs and the length say nothing of
 * it, because every text has one word twice.
 */
final class Planted {
  static final String LAYER = "blocks.1.hook_resid_post";
  private static final String CUE = "w7";

  /** The model's file. */
  static Path model(Path folder) throws IOException {
    return InductionHead.model().write(folder);
  }

  /** Two rows of two token ids, and which of them are real. */
  static Path ids(Path folder, long[] ids, long[] mask) throws IOException {
    Path file = folder.resolve("ids.safetensors");
    Map<String, Tensor> tensors =
        Map.of(
            "input_ids", Tensor.ofLongs(ids, 2, 2), "attention_mask", Tensor.ofLongs(mask, 2, 2));
    SafetensorsWriter.write(file, tensors, Map.of());
    return file;
  }

  /** A tokenizer that knows {@code w0} to {@code w15}, and adds nothing. */
  static Path tokenizer(Path folder) throws IOException {
    String vocabulary =
        IntStream.range(0, InductionHead.VOCABULARY)
            .mapToObj(id -> "\"w" + id + "\":" + id)
            .collect(Collectors.joining(","));
    return Files.writeString(
        folder.resolve("tokenizer.json"),
        "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
            + "\"normalizer\":null,\"pre_tokenizer\":{\"type\":\"WhitespaceSplit\"},"
            + "\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"WordLevel\","
            + "\"vocab\":{"
            + vocabulary
            + "},\"unk_token\":\"w15\"}}");
  }

  /** A pack with the probe {@code last}, which weighs the last word of a text. */
  static Path lastWord(Path folder, Path model, Path tokenizer, float[] weight) throws IOException {
    Path vectors = folder.resolve("last.safetensors");
    SafetensorsWriter.write(vectors, Map.of("word", Tensor.ofFloats(weight)), Map.of());
    Path pack = folder.resolve("imported");
    Command imported =
        Command.run(
            "pack",
            "import",
            "vectors",
            vectors,
            "--model",
            model,
            "--tokenizer",
            tokenizer,
            "--id",
            "last",
            "--hook-point",
            LAYER,
            "--pooling",
            "last",
            "--out",
            pack);
    assertThat(imported.exitCode()).as(imported.err()).isZero();
    return pack;
  }

  /** Texts whose last word has occurred before, or not. */
  static Path concept(Path file, int rows, long seed) throws IOException {
    return write(file, rows, seed, false, false);
  }

  /** The same with labels drawn by lot. */
  static Path shuffled(Path file, int rows, long seed) throws IOException {
    return write(file, rows, seed, false, true);
  }

  /** Texts that have a certain word, or not; no baseline could miss it. */
  static Path cue(Path file, int rows, long seed) throws IOException {
    return write(file, rows, seed, true, false);
  }

  /**
   * Texts whose last word has occurred before or is of the second half of the vocabulary, but not
   * both: at the last token of {@link #LAYER} an exclusive or, of which no direction knows.
   */
  static Path exclusive(Path file, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    return distinct(
        file,
        rows,
        row -> {
          boolean repeats = row / 2 % 2 == 0;
          boolean high = (row % 2 == 0) != repeats;
          while (true) {
            String text = repeat(random, repeats);
            if (isHigh(text.substring(text.lastIndexOf(' ') + 1)) == high) {
              return text;
            }
          }
        });
  }

  /**
   * Texts in which the word behind {@value #CUE} is of the second half of the vocabulary, or not.
   * Each text has every word, so that what is the mean of all tokens is the same for all.
   */
  static Path following(Path file, int rows, long seed) throws IOException {
    Random random = new Random(seed);
    return distinct(
        file,
        rows,
        row -> {
          while (true) {
            List<String> words = words(random, InductionHead.VOCABULARY - 1, false);
            int behind = words.indexOf(CUE) + 1;
            if (behind < words.size() && isHigh(words.get(behind)) == (row % 2 == 0)) {
              return "w0 " + String.join(" ", words);
            }
          }
        });
  }

  private static boolean isHigh(String word) {
    return Integer.parseInt(word.substring(1)) >= InductionHead.VOCABULARY / 2;
  }

  /** Texts by row that differ, every other one positive. */
  private static Path distinct(Path file, int rows, IntFunction<String> text) throws IOException {
    Set<String> texts = new LinkedHashSet<>();
    StringBuilder csv = new StringBuilder("text,label,kind\n");
    while (texts.size() < rows) {
      boolean positive = texts.size() % 2 == 0;
      String next = text.apply(texts.size());
      if (texts.add(next)) {
        csv.append(next).append(',').append(positive ? "yes" : "no").append(",any\n");
      }
    }
    return Files.writeString(file, csv.toString());
  }

  private static Path write(Path file, int rows, long seed, boolean cue, boolean shuffled)
      throws IOException {
    Random random = new Random(seed);
    Set<String> texts = new LinkedHashSet<>();
    StringBuilder csv = new StringBuilder("text,label,kind\n");
    while (texts.size() < rows) {
      boolean positive = texts.size() % 2 == 0;
      String text = cue ? withCue(random, positive) : repeat(random, positive);
      if (texts.add(text)) {
        boolean label = shuffled ? random.nextBoolean() : positive;
        csv.append(text).append(',').append(label ? "yes" : "no").append(',');
        csv.append(texts.size() % 3 == 0 ? "third" : "other").append('\n');
      }
    }
    return Files.writeString(file, csv.toString());
  }

  private static String repeat(Random random, boolean last) {
    List<String> words = words(random, 6 + random.nextInt(5), false);
    int of = random.nextInt(words.size() - 3);
    if (last) {
      words.add(words.get(of));
    } else {
      words.add(words.size() - 1, words.get(of));
    }
    return "w0 " + String.join(" ", words);
  }

  private static String withCue(Random random, boolean has) {
    List<String> words = words(random, 7 + random.nextInt(5), true);
    if (has) {
      words.set(random.nextInt(words.size()), CUE);
    }
    return "w0 " + String.join(" ", words);
  }

  private static List<String> words(Random random, int count, boolean withoutCue) {
    List<String> words = new ArrayList<>();
    for (int id = 1; id < InductionHead.VOCABULARY; id++) {
      if (!withoutCue || !CUE.equals("w" + id)) {
        words.add("w" + id);
      }
    }
    Collections.shuffle(words, random);
    return new ArrayList<>(words.subList(0, count));
  }

  private Planted() {}
}
