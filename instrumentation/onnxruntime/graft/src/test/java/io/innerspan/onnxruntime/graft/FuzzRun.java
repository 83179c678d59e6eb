package io.innerspan.onnxruntime.graft;

import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs numbered cases on all processors, each with a generator of its own, so that a case can be
 * run again alone by its number: {@code -Dinnerspan.fuzz.case=N}.
 *
 * <p>What a case may cost is bounded by what it allocates, which is the same on any machine: the
 * searches allocate with each step. A case that never ends is told by its number.
 */
final class FuzzRun {
  private static final int MAX_MINUTES = 30;
  private static final int SHOWN = 5;

  /** One case. */
  interface Case {
    /** Runs the case and returns in a word what came of it; whatever is thrown is a failure. */
    String run(int number, Random random) throws Exception;
  }

  private final long maxAllocatedBytes;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final Map<String, List<Integer>> failures = new LinkedHashMap<>();
  private final AtomicLong mostAllocated = new AtomicLong();
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param maxAllocatedBytes of one case
   */
  FuzzRun(long maxAllocatedBytes) {
    this.maxAllocatedBytes = maxAllocatedBytes;
  }

  /** A number of cases that a build sets. */
  static int count(String property, int otherwise) {
    return Integer.getInteger("innerspan.fuzz." + property, otherwise);
  }

  /** Runs the cases and returns how many ended in which way. */
  Map<String, Integer> run(int cases, long seed, Case body) throws Exception {
    Integer only = Integer.getInteger("innerspan.fuzz.case");
    int end = only == null ? cases : only + 1;
    next.set(only == null ? 0 : only);
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicIntegerArray working = new AtomicIntegerArray(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads, FuzzRun::thread);
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int worker = i;
      workers.add(
          executor.submit(
              () -> {
                for (int n = next.getAndIncrement(); n < end; n = next.getAndIncrement()) {
                  working.set(worker, n);
                  one(n, new Random(seed * 1_000_003 + n), body);
                }
                working.set(worker, -1);
              }));
    }
    try {
      for (Future<?> worker : workers) {
        worker.get(MAX_MINUTES, TimeUnit.MINUTES);
      }
    } catch (TimeoutException e) {
      throw new AssertionError("cases that do not end are among " + working, e);
    } finally {
      executor.shutdownNow();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError(describe(failures));
    }
    return outcomes;
  }

  /** The most bytes that any case allocated. */
  long mostAllocated() {
    return mostAllocated.get();
  }

  private void one(int number, Random random, Case body) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getCurrentThreadAllocatedBytes();
    String outcome = null;
    String failure = null;
    try {
      outcome = body.run(number, random);
    } catch (Throwable e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      failure = trace.toString().lines().limit(25).reduce("", (a, b) -> a + "\n" + b);
    }
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;
    mostAllocated.accumulateAndGet(allocated, Math::max);
    if (failure == null && allocated > maxAllocatedBytes) {
      failure = "allocated " + allocated + " bytes, expected at most " + maxAllocatedBytes;
    }
    synchronized (this) {
      if (failure == null) {
        outcomes.merge(String.valueOf(outcome), 1, Integer::sum);
      } else {
        failures.computeIfAbsent(failure, f -> new ArrayList<>()).add(number);
      }
    }
  }

  private static String describe(Map<String, List<Integer>> failures) {
    StringBuilder text = new StringBuilder();
    text.append(failures.size()).append(" kinds of failures:");
    failures.entrySet().stream()
        .limit(SHOWN)
        .forEach(
            entry ->
                text.append("\n")
                    .append(entry.getValue().size())
                    .append(" cases, the first is ")
                    .append(entry.getValue().get(0))
                    .append(": ")
                    .append(entry.getKey()));
    return text.toString();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "fuzz");
    thread.setDaemon(true);
    return thread;
  }
}
