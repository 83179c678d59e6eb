package io.innerspan.workbench;

import io.innerspan.signals.pack.PackException;
import io.innerspan.workbench.data.BadInput;
import java.io.IOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong: one line for bad input, the stack only for a fault of our own. */
final class Failures {
  static final int BAD_INPUT = 2;
  static final int INTERNAL = 1;
  static final int GATE = 3;

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
      line(command, fileSystem(failure));
      return BAD_INPUT;
    }
    line(command, "internal error, please report it: " + e);
    e.printStackTrace(command.getErr());
    command.getErr().flush();
    return INTERNAL;
  }

  /** What the file system refused, such as a disk that is full. */
  private static String fileSystem(IOException e) {
    String file = e instanceof FileSystemException failure ? failure.getFile() : "a file";
    return file + ": expected to read or write it, found " + e;
  }

  private static void line(CommandLine command, String message) {
    command.getErr().println("innerspan: " + message.replaceAll("\\s*\\R\\s*", " "));
    command.getErr().flush();
  }

  private Failures() {}
}
