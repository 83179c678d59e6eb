package io.opentelemetry.javaagent.innerspan.bridge;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ends while a daemon thread is in native work, which lasts until the end has come to the temporary
 * files: deleted them, or waits. Prints whether the file that is its argument was there then.
 */
final class EndingJvm {
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    TemporaryFiles.deleteAtExit(file);
    NativeWork.begin();
    Thread work = new Thread(() -> work(file));
    work.setDaemon(true);
    work.start();
  }

  private static void work(Path file) {
    boolean there = true;
    while (there && !endWaits()) {
      there = Files.exists(file);
    }
    System.out.println(there ? "still there" : "deleted");
    NativeWork.end();
  }

  /** Whether the end has come to the files, and waits for somebody. */
  private static boolean endWaits() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(TemporaryFiles.EXIT_THREAD))
        .map(Thread::getState)
        .anyMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
  }

  private EndingJvm() {}
}
