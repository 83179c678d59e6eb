package io.innerspan.workbench;

import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.packs.PackCard;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan pack card}. */
@Command(
    name = "card",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes a pack's model card in Markdown: what it measures, what it was trained on, its numbers"
            + " beside those of baselines, thresholds, limits, licence. All of it from the manifest.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class PackCardCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PACK", description = "A pack: a folder or a zip.")
  private Path pack;

  @Option(
      names = "--out",
      paramLabel = "FILE.md",
      description = "The file to write; by default standard output.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    if (out != null) {
      InputFile.writable(out);
    }
    ProbePack read = PackCommand.read(pack);
    PrintWriter print = spec.commandLine().getOut();
    if (out == null) {
      print.print(PackCard.of(read));
    } else {
      Files.writeString(out, PackCard.of(read));
      print.println(out);
    }
    print.flush();
    return 0;
  }
}
