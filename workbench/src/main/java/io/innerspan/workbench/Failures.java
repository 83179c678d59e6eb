package io.innerspan.workbench;

import io.innerspan.signals.pack.PackException;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong: one line for bad input, the stack only for a fault of our own. */
final class Failures {
  static final int BAD_INPUT = 2;
  static final int INTERNAL = 1;
  static final int GATE = 3;

  /** Options that name what a command writes. */
  private static final Set<String> WRITTEN =
      Set.of("--out", "--test-out", "--html", "--report", "--export", "--dictionary");

  static int parameter(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    line(
        command,
        e.getMessage() + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
    return BAD_INPUT;
  }

  static int execution(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof BadInput) {
      line(command, String.valueOf(e.getMessage()));
      return BAD_INPUT;
    }
    if (e instanceof PackException) {
      line(command, String.valueOf(e.getMessage()));
      return BAD_INPUT;
    }
    if (e instanceof IOException failure) {
      line(command, fileSystem(failure, parsed));
      return BAD_INPUT;
    }
    line(command, "internal error, please report it: " + e);
    e.printStackTrace(command.getErr());
    command.getErr().flush();
    return INTERNAL;
  }

  /**
   * What the file system refused, such as a disk that is full. Java names the file when one is
   * opened, but not when one is written to: then it is one of those that the command writes.
   */
  private static String fileSystem(IOException e, ParseResult parsed) {
    if (e instanceof FileSystemException failure && failure.getFile() != null) {
      return failure.getFile() + ": expected to read or write it, found " + e;
    }
    List<String> written = written(parsed);
    return (written.isEmpty() ? "a file" : String.join(" or ", written))
        + ": expected to read or write it, found "
        + e;
  }

  private static List<String> written(ParseResult parsed) {
    ParseResult deepest = parsed;
    while (deepest.hasSubcommand()) {
      deepest = deepest.subcommand();
    }
    boolean captures = deepest.commandSpec().name().equals("capture");
    return deepest.matchedOptions().stream()
        .filter(
            option ->
                WRITTEN.contains(option.longestName())
                    || (captures && option.longestName().equals("--store")))
        .map(option -> String.valueOf(option.<Object>getValue()))
        .toList();
  }

  private static void line(CommandLine command, String message) {
    command.getErr().println("innerspan: " + message.replaceAll("\\s*\\R\\s*", " "));
    command.getErr().flush();
  }

  private Failures() {}
}
