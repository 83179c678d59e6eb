package io.innerspan.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A program in a JVM of its own, with everything it writes kept as lines.
 *
 * <p>Created by {@link JvmCommand#start}; thread-safe. Ends with {@link #close}, and at the latest
 * with this JVM. Whatever is awaited in vain fails with the child's log in the message.
 */
public final class ChildJvm implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final String name;
  private final Process process;
  private final List<Consumer<? super LogLine>> listeners;
  private final Inbox<LogLine> log = new Inbox<>();
  private final CountDownLatch openStreams = new CountDownLatch(2);
  private final Thread endWithParent;

  ChildJvm(String name, Process process, List<Consumer<? super LogLine>> listeners) {
    this.name = name;
    this.process = process;
    this.listeners = listeners;
    endWithParent = new Thread(this::terminateWithParent, "end " + name);
    Runtime.getRuntime().addShutdownHook(endWithParent);
    read(LogLine.Stream.OUT, process.getInputStream());
    read(LogLine.Stream.ERR, process.getErrorStream());
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** All lines so far; the order between the two streams is that of reading. */
  public List<LogLine> log() {
    return log.snapshot();
  }

  /** The lines of one stream so far. */
  public List<String> lines(LogLine.Stream stream) {
    return log().stream().filter(line -> line.stream() == stream).map(LogLine::text).toList();
  }

  /** Writes a line to the child's standard input. */
  public void send(String line) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not read its standard input", e);
    }
  }

  /** Ends the child's standard input. */
  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not read its standard input", e);
    }
  }

  /**
   * Waits for the first line, already written or not, that the condition accepts.
   *
   * @param what names the line for the error
   * @throws AwaitError when the time is over or the child ends without such a line
   */
  public LogLine awaitLine(String what, Predicate<? super LogLine> condition, Duration timeout) {
    return log
        .await(
            lines -> lines.stream().anyMatch(condition),
            timeout,
            name + ": " + what,
            ChildJvm::listing)
        .stream()
        .filter(condition)
        .findFirst()
        .orElseThrow();
  }

  /** Waits for the first line that contains the text, on either stream. */
  public LogLine awaitLine(String text, Duration timeout) {
    return awaitLine("line with \"" + text + "\"", line -> line.text().contains(text), timeout);
  }

  /**
   * Waits until the child has ended by itself and all its lines are read.
   *
   * @return its exit code
   * @throws AwaitError when the time is over; the child still runs then
   */
  public int awaitExit(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      if (process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)
          && openStreams.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitError(name + ": end: interrupted", "");
    }
    throw new AwaitError(name + ": end: not within " + Durations.text(timeout), listing(log()));
  }

  /**
   * Waits as {@link #awaitExit} does for an exit code of 0.
   *
   * @throws AwaitError also for another exit code
   */
  public void awaitSuccess(Duration timeout) {
    int code = awaitExit(timeout);
    if (code != 0) {
      throw new AwaitError(name + ": exit code: expected 0, got " + code, listing(log()));
    }
  }

  /**
   * Asks the child to end, as the operating system does at shutdown, and waits for it; a child that
   * does not heed is killed after 20 s.
   *
   * @return its exit code
   */
  public int end() {
    try {
      int code = terminate();
      openStreams.await(GRACE.toSeconds(), TimeUnit.SECONDS);
      return code;
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AwaitError(name + ": end: interrupted", "");
    }
  }

  /** Ends the child as {@link #end} does. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithParent);
    } catch (IllegalStateException e) {
      // This JVM is itself ending and has taken the hook.
    }
  }

  /**
   * By its handle: {@link Process#destroy} would also close the streams and lose the last lines.
   */
  private int terminate() throws InterruptedException {
    process.toHandle().destroy();
    if (!process.waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
      process.toHandle().destroyForcibly();
    }
    return process.waitFor();
  }

  private void terminateWithParent() {
    try {
      terminate();
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
    }
  }

  private void read(LogLine.Stream stream, InputStream from) {
    Thread reader = new Thread(() -> readAll(stream, from), name + " " + stream);
    reader.setDaemon(true);
    reader.start();
  }

  private void readAll(LogLine.Stream stream, InputStream from) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      String text;
      while ((text = reader.readLine()) != null) {
        LogLine line = new LogLine(stream, text);
        log.addAll(List.of(line));
        listeners.forEach(listener -> listener.accept(line));
      }
    } catch (IOException e) {
      log.addAll(List.of(new LogLine(stream, "(not read to the end: " + e.getMessage() + ")")));
    } finally {
      openStreams.countDown();
      if (openStreams.getCount() == 0) {
        log.complete();
      }
    }
  }

  private static String listing(List<LogLine> lines) {
    return lines.stream()
        .map(line -> "  " + line.stream() + " " + line.text())
        .collect(
            Collectors.joining(
                System.lineSeparator(), "the child wrote:" + System.lineSeparator(), ""));
  }
}
