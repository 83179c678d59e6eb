package io.innerspan.workbench;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * One run of the command.
 *
 * @param exitCode what it ended with
 * @param out its standard output
 * @param err its standard error
 */
record Command(int exitCode, String out, String err) {
  static Command run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Innerspan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode =
        commandLine.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    return new Command(exitCode, out.toString(), err.toString());
  }
}
