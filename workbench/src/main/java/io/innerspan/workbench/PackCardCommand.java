package io.innerspan.workbench;

import com.google.gson.JsonObject;
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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (out != null) {
      InputFile.writable(out);
    }
    ProbePack read = PackCommand.read(pack);
    PrintWriter print = spec.commandLine().getOut();
    String card = PackCard.of(read);
    if (out != null) {
      Files.writeString(out, card);
    }
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("pack", read.label());
      object.addProperty("digest", read.digest());
      object.addProperty("file", out == null ? null : out.toString());
      object.addProperty("markdown", card);
      print.println(object);
    } else if (out == null) {
      print.print(card);
    } else {
      print.println(out);
    }
    print.flush();
    return 0;
  }
}
