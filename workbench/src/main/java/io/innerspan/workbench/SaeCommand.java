package io.innerspan.workbench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code innerspan sae}. */
@Command(
    name = "sae",
    mixinStandardHelpOptions = true,
    description = "Trains, evaluates and exchanges sparse autoencoders.",
    subcommands = {
      SaeTrainCommand.class,
      SaeEvaluateCommand.class,
      SaeExportCommand.class,
      SaeImportCommand.class
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class SaeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
