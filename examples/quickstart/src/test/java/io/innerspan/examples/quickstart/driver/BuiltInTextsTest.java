package io.innerspan.examples.quickstart.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BuiltInTextsTest {
  private static final int RUN = 5;

  @Test
  void all_againstTheLabelledSet_shareNoFiveWords() throws IOException {
    String labelled = words(Files.readString(Path.of("data", "requests.csv")));

    assertThat(BuiltInTexts.ALL.stream().flatMap(BuiltInTextsTest::runs))
        .hasSizeGreaterThan(BuiltInTexts.ALL.size())
        .noneMatch(labelled::contains);
  }

  private static Stream<String> runs(String text) {
    String[] words = words(text).strip().split(" ", -1);
    return IntStream.rangeClosed(0, words.length - RUN)
        .mapToObj(start -> String.join(" ", Stream.of(words).skip(start).limit(RUN).toList()))
        .map(run -> " " + run + " ");
  }

  /** Lower case, with one space around every word. */
  private static String words(String text) {
    return " " + text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}']+", " ").strip() + " ";
  }
}
