package io.innerspan.agent;

import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.workbench.certify.Certification;
import java.nio.file.Path;
import java.util.List;

/** The workbench's command as it is shipped, with its own libraries. */
final class WorkbenchCommand {
  /** Runs it to its end, which must be a good one. */
  static void run(List<String> arguments) throws Exception {
    Path jar =
        Path.of(Certification.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (ChildJvm command =
        JvmCommand.of("io.innerspan.workbench.Innerspan")
            .classPath(List.of(jar))
            .arguments(arguments.toArray(String[]::new))
            .start()) {
      command.closeInput();
      command.awaitSuccess(Product.PATIENCE);
    }
  }

  private WorkbenchCommand() {}
}
