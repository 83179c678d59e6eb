package io.innerspan.examples.quickstart.driver;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param json whether to print JSON lines instead of trees
 * @param texts the texts to score; empty for the built-in ones
 * @param agent another agent jar than the one built here, or null
 * @param packs another folder of probe packs than the quickstart's, or null
 */
record Options(boolean json, List<String> texts, @Nullable Path agent, @Nullable Path packs) {
  Options {
    texts = List.copyOf(texts);
  }

  /**
   * Reads the arguments.
   *
   * @throws Failure when they are wrong
   */
  static Options parse(String... args) {
    boolean json = false;
    List<String> texts = new ArrayList<>();
    Path agent = null;
    Path packs = null;
    for (Iterator<String> rest = Arrays.asList(args).iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--json" -> json = true;
        case "--text" -> texts.add(value(option, rest));
        case "--agent" -> agent = Path.of(value(option, rest));
        case "--packs" -> packs = Path.of(value(option, rest));
        default -> throw Failure.usage("unknown option " + option);
      }
    }
    return new Options(json, texts, agent, packs);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw Failure.usage(option + " needs a value");
    }
    return rest.next();
  }
}
