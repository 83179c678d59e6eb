package io.innerspan.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A measured JVM: lines in, lines out, and what its agent logs. */
final class Child implements AutoCloseable {
  private static final String READINGS_ON = "readings on";
  private static final String PACKS_READ = "hooks ONNX Runtime";
  private static final int KEPT_LOG_LINES = 60;
  private static final int PATIENCE_SECONDS = 600;

  private final String name;
  private final Process process;
  private final BufferedReader output;
  private final Deque<String> log = new ArrayDeque<>();
  private final Semaphore readingsOn = new Semaphore(0);
  private final CountDownLatch packsRead = new CountDownLatch(1);

  Child(String name, List<String> command) throws IOException {
    this.name = name;
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(Child::changesBehaviour);
    process = builder.start();
    output = process.inputReader(StandardCharsets.UTF_8);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    Thread reader = new Thread(this::readLog, name + " log");
    reader.setDaemon(true);
    reader.start();
  }

  /** What would make this JVM unlike the others, or the agent's settings other than given. */
  private static boolean changesBehaviour(String variable) {
    return variable.startsWith("OTEL_")
        || variable.endsWith("JAVA_OPTIONS")
        || variable.equals("JAVA_TOOL_OPTIONS");
  }

  void send(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  /** The next line of its standard output. */
  String receive() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException(name + " ended before it answered; it logged:\n" + logged());
    }
    return line;
  }

  /** Waits for a line of its standard output. */
  void await(String line) throws IOException {
    while (!receive().equals(line)) {
      // Something else that a library prints.
    }
  }

  /** Waits until the agent says that a model is read. */
  void awaitReadings() throws IOException, InterruptedException {
    awaitReadings(1);
  }

  /** Waits until the agent says that so many more models are read. */
  void awaitReadings(long models) throws IOException, InterruptedException {
    if (!readingsOn.tryAcquire(Math.toIntExact(models), PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw unsaid(READINGS_ON);
    }
  }

  /** Waits until the agent says which packs it has. */
  void awaitPacks() throws IOException, InterruptedException {
    if (!packsRead.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw unsaid(PACKS_READ);
    }
  }

  private IOException unsaid(String what) {
    return new IOException(
        name
            + ": expected '"
            + what
            + "' within "
            + PATIENCE_SECONDS
            + " s; it logged:\n"
            + logged());
  }

  private void readLog() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        keep(line);
        if (line.contains(READINGS_ON)) {
          readingsOn.release();
        }
        if (line.contains(PACKS_READ)) {
          packsRead.countDown();
        }
      }
    } catch (IOException e) {
      keep("(not read to the end: " + e.getMessage() + ")");
    }
  }

  private synchronized void keep(String line) {
    log.addLast(line);
    if (log.size() > KEPT_LOG_LINES) {
      log.removeFirst();
    }
  }

  private synchronized String logged() {
    return String.join("\n", log);
  }

  /** Ends it without more ado. */
  void kill() {
    process.destroyForcibly();
  }

  /** Lets it end by itself, so that it sends what telemetry it still has. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new IOException(name + " did not end; it logged:\n" + logged());
  }
}
