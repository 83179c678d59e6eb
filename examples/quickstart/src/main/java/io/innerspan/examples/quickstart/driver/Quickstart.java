package io.innerspan.examples.quickstart.driver;

import io.innerspan.testing.AwaitError;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The quickstart's command: exit code 0, 1 when something failed, 2 for a wrong command line; what
 * failed stands in one line on standard error.
 *
 * <p>Reads the system properties {@code quickstart.root} (the root of the source tree) and {@code
 * quickstart.coloured} (whether to colour the trees).
 */
public final class Quickstart {
  public static void main(String[] args) {
    // Java 17 prints in the locale's charset, which cannot draw a tree where no locale is set.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(args, out, err));
  }

  private static int run(String[] args, PrintStream out, PrintStream err) {
    try {
      Options options = Options.parse(args);
      Path root = Path.of(System.getProperty("quickstart.root", "")).toAbsolutePath();
      Installation installation = Installation.find(root, options);
      Palette palette = new Palette(Boolean.getBoolean("quickstart.coloured"));
      Report report =
          options.json() ? new JsonReport(out) : new TreeReport(out, palette, installation);
      List<String> texts = options.texts().isEmpty() ? BuiltInTexts.ALL : options.texts();
      new Session(installation, report, line -> err.println("quickstart: " + line)).run(texts);
      return 0;
    } catch (Failure e) {
      err.println("quickstart: " + e.line());
      return e.exitCode();
    } catch (AwaitError e) {
      err.println("quickstart: " + e.summary());
      return 1;
    }
  }

  private Quickstart() {}
}
