package io.innerspan.agent;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Versions of ONNX Runtime that tests run on: with {@code -Dinnerspan.onnxruntime.matrix} all that
 * are supported.
 */
final class OnnxRuntimes {
  private static final boolean ALL = System.getProperty("innerspan.onnxruntime.matrix") != null;

  private OnnxRuntimes() {}

  /** The oldest and the newest, or all. */
  static List<String> versions() {
    return ALL ? List.of("1.12.1", "1.17.3", "1.20.0", "1.29.0") : List.of("1.12.1", "1.29.0");
  }

  /** The newest, or all. */
  static List<String> newest() {
    return ALL ? versions() : List.of("1.29.0");
  }

  /** The oldest, or all. */
  static List<String> oldest() {
    return ALL ? versions() : List.of("1.12.1");
  }

  /** Each with each of some values, or the first with the first and so on. */
  static Stream<Arguments> and(List<String> values) {
    return ALL
        ? versions().stream()
            .flatMap(each -> values.stream().map(value -> Arguments.of(each, value)))
        : IntStream.range(0, values.size())
            .mapToObj(i -> Arguments.of(versions().get(i), values.get(i)));
  }

  /** What LangChain4j asks for and the newest, without invokedynamic in advice and with it. */
  static Stream<Arguments> andIndy() {
    return ALL
        ? Stream.of("1.20.0", "1.29.0")
            .flatMap(each -> Stream.of(Arguments.of(each, false), Arguments.of(each, true)))
        : Stream.of(Arguments.of("1.20.0", false), Arguments.of("1.29.0", true));
  }
}
