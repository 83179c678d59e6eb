package io.innerspan.workbench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code innerspan features}. */
@Command(
    name = "features",
    mixinStandardHelpOptions = true,
    description =
        "Keeps a dictionary of an autoencoder's features: what each does, what it is called, and how"
            + " versions differ.",
    subcommands = {
      FeaturesBuildCommand.class,
      FeaturesListCommand.class,
      FeaturesSearchCommand.class,
      FeaturesShowCommand.class,
      FeaturesLabelsCommand.class,
      FeaturesDiffCommand.class,
      FeaturesReportCommand.class
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class FeaturesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
