package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.AwaitError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * An example's command: starts its service under the agent, sends it texts and shows what its spans
 * say.
 *
 * <p>Reads the system properties {@code <example>.root} (the root of the source tree) and {@code
 * <example>.coloured} (whether to colour the trees).
 */
public final class Driver {
  /**
   * Runs the command.
   *
   * @return the exit code: 0, 1 when something failed, 2 for a wrong command line; what failed
   *     stands in one line on standard error
   */
  public static int run(ExampleService service, String... args) {
    // Java 17 prints in the locale's charset, which cannot draw a tree where no locale is set.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    String name = service.example();
    try {
      Options options = Options.parse(args);
      Path root = Path.of(System.getProperty(name + ".root", "")).toAbsolutePath();
      Installation installation = Installation.find(root, service, options);
      Palette palette = new Palette(Boolean.getBoolean(name + ".coloured"));
      Report report =
          options.json() ? new JsonReport(out) : new TreeReport(out, palette, installation);
      List<String> texts = options.texts().isEmpty() ? service.texts() : options.texts();
      new Session(installation, report, line -> err.println(name + ": " + line)).run(texts);
      return 0;
    } catch (Failure e) {
      err.println(name + ": " + e.line());
      return e.exitCode();
    } catch (AwaitError e) {
      err.println(name + ": " + e.summary());
      return 1;
    }
  }

  private Driver() {}
}
