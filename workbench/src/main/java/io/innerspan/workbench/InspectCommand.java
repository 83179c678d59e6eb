package io.innerspan.workbench;

import io.innerspan.signals.pack.PackException;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.inspect.Inspection;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a model's layers, the hook points where activations can be read, the signals that are"
          + " possible there, and what each kind costs on this machine.",
      "Exit code 2 when no signal is possible; the reason is given."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class InspectCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "An ONNX model.")
  private Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Option(names = "--no-cost", description = "Measure no costs, which takes some seconds.")
  private boolean noCost;

  @ArgGroup(exclusive = false)
  private @Nullable CertifyOptions certify;

  @Override
  public Integer call() throws PackException {
    if (certify != null) {
      certify.run(InputFile.existing(model), json, spec.commandLine().getOut());
      return 0;
    }
    Inspection inspection = Inspection.of(InputFile.existing(model), !noCost);
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      print.println(InspectionJson.of(inspection));
    } else {
      new InspectionText(inspection, print).print();
    }
    print.flush();
    String refused = inspection.report().refused();
    if (inspection.isGraftable()) {
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "innerspan: "
            + model
            + ": expected a model with readable layers, found "
            + (refused == null ? "none that a signal can read" : refused));
    err.flush();
    return Failures.BAD_INPUT;
  }
}
