package io.innerspan.examples.signals;

import ai.onnxruntime.OrtException;
import io.innerspan.examples.quickstart.driver.BuiltAgent;
import io.innerspan.examples.quickstart.driver.Failure;
import io.innerspan.examples.quickstart.driver.Palette;
import io.innerspan.testing.AwaitError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The example's command: exit code 0, 1 when something failed or a signal is missing, 2 for a wrong
 * command line; what failed stands in one line on standard error.
 *
 * <p>Reads the system properties {@code signals.root} (the root of the source tree) and {@code
 * signals.coloured} (whether to colour the output).
 */
public final class SignalsExample {
  public static void main(String[] args) {
    // Java 17 prints in the locale's charset, which may not have what is drawn here.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  private static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      boolean json = isJson(args);
      List<Outcome> outcomes = outcomes(err);
      OutcomeReport report =
          new OutcomeReport(out, new Palette(Boolean.getBoolean("signals.coloured")));
      if (json) {
        report.json(outcomes);
      } else {
        report.text(outcomes);
      }
      long missing = outcomes.stream().mapToLong(outcome -> outcome.missing().size()).sum();
      if (missing > 0) {
        throw Failure.run(missing + " expected values are missing");
      }
      return 0;
    } catch (Failure e) {
      err.println("signals: " + e.line());
      return e.exitCode();
    } catch (AwaitError e) {
      err.println("signals: " + e.summary());
      return 1;
    } catch (IOException | OrtException e) {
      err.println("signals: " + e);
      return 1;
    }
  }

  private static boolean isJson(String[] args) {
    boolean json = false;
    for (String arg : args) {
      if (!arg.equals("--json")) {
        throw Failure.usage("unknown option " + arg);
      }
      json = true;
    }
    return json;
  }

  private static List<Outcome> outcomes(PrintStream err) throws IOException, OrtException {
    Path root = Path.of(System.getProperty("signals.root", "")).toAbsolutePath();
    Path agent = BuiltAgent.in(root);
    Path folder = Files.createTempDirectory("signals");
    try {
      List<Showcase> showcases = new Showcases(folder).all();
      Path packs = Files.createDirectory(folder.resolve("packs"));
      Packs writer = new Packs(packs);
      for (Showcase showcase : showcases) {
        writer.write(showcase);
      }
      copy(root.resolve("examples/quickstart/pack"), packs.resolve("prompt-injection"));
      Path service = root.resolve("examples/signals/target/models-service.jar");
      return new ServiceRun(agent, service, packs, line -> err.println("signals: " + line))
          .of(showcases);
    } finally {
      delete(folder);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private SignalsExample() {}
}
