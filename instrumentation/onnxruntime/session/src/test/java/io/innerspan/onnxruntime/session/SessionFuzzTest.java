package io.innerspan.onnxruntime.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is done to a model, its session with us is its session without us: the same exception or
 * the same bits, in JVMs that may die of it. One that dies with us must die without us too.
 */
@Tag("fuzz")
class SessionFuzzTest {
  private static final long SEED = 20261123;
  private static final int WORKERS = 2;

  @TempDir Path folder;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();

  @Test
  void open_damagedModel_isAsWithoutUs() throws Exception {
    int cases = Integer.getInteger("innerspan.fuzz.sessions", 50);
    ExecutorService executor = Executors.newFixedThreadPool(WORKERS);
    List<Future<?>> workers = new ArrayList<>();
    for (int worker = 0; worker < WORKERS; worker++) {
      int from = worker;
      workers.add(
          executor.submit(
              () -> {
                all(from, cases);
                return null;
              }));
    }
    executor.shutdown();
    for (Future<?> worker : workers) {
      worker.get();
    }
    Logger.getLogger("SessionFuzzTest").info(outcomes::toString);
    assertThat(failures).isEmpty();
    assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(cases);
    assertThat(outcomes.keySet()).anyMatch(outcome -> outcome.endsWith("certified"));
  }

  private void all(int from, int cases) throws Exception {
    for (int next = from; next < cases; ) {
      int died = -1;
      boolean ours = false;
      try (FuzzProcess child = child("both", next, cases, WORKERS)) {
        for (String line = child.line(); line != null && !line.equals("end"); line = child.line()) {
          String[] words = line.split(" ", 2);
          switch (words[0]) {
            case "plain", "ours" -> {
              died = Integer.parseInt(words[1]);
              ours = words[0].equals("ours");
            }
            case "same", "differs", "failed" -> {
              settle(died, words[0], words[1]);
              next = died + WORKERS;
              died = -1;
            }
            default -> {} // The last words of a JVM.
          }
        }
      }
      if (died >= 0) {
        settle(died, ours ? "died" : "died without us", "");
        next = died + WORKERS;
      } else if (next < cases) {
        throw new AssertionError("no JVM for case " + next);
      }
    }
  }

  private FuzzProcess child(String mode, int from, int to, int step) throws IOException {
    Path own = Files.createTempDirectory(folder, mode);
    return new FuzzProcess(
        own,
        mode,
        Long.toString(SEED),
        Integer.toString(from),
        Integer.toString(to),
        Integer.toString(step),
        own.toString());
  }

  /** Counts what came of a case; a difference counts for us if the original alone is steady. */
  private void settle(int number, String end, String detail) throws Exception {
    boolean suspect = end.equals("differs") || end.equals("died");
    if (end.equals("failed") || (suspect && steady(number))) {
      synchronized (this) {
        failures.add("case " + number + " " + end + ": " + detail);
      }
    }
    synchronized (this) {
      outcomes.merge(end.equals("same") ? detail : end, 1, Integer::sum);
    }
  }

  /** Whether the original, opened alone in three JVMs, lives and does the same each time. */
  private boolean steady(int number) throws Exception {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      try (FuzzProcess child = child("plain", number, number + 1, 1)) {
        String line = child.line();
        while (line != null && !line.startsWith("seen ")) {
          line = child.line();
        }
        seen.add(String.valueOf(line));
      }
    }
    return seen.size() == 1 && !seen.contains("null");
  }
}
