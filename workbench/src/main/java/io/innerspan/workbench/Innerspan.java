package io.innerspan.workbench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The command {@code innerspan}: exit code 0 when it did its work, 2 for bad input, 1 for a fault
 * of its own, 3 when a gate that was asked for did not open.
 */
@Command(
    name = "innerspan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Looks inside neural networks: inspect a model, capture activations, train, evaluate,"
            + " calibrate, check, compare and import probe packs.",
    subcommands = {
      InspectCommand.class,
      CaptureCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      CalibrateCommand.class,
      CheckCommand.class,
      PackCommand.class,
      SaeCommand.class,
      FeaturesCommand.class,
      BenchCommand.class
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
public final class Innerspan implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    // The tokenizer's library must neither download nor call home.
    System.setProperty("ai.djl.offline", "true");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Innerspan())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Failures::parameter)
        .setExecutionExceptionHandler(Failures::execution);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
