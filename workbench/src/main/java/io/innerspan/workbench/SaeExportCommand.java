package io.innerspan.workbench;

import com.google.gson.JsonObject;
import io.innerspan.signals.pack.SaeLensFolder;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.sae.SaePack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan sae export}. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Writes a pack's autoencoder as SAELens saves it: cfg.json and sae_weights.safetensors.")
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class SaeExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--sae", required = true, paramLabel = "PACK", description = "The pack.")
  private Path pack;

  @Option(
      names = "--signal",
      paramLabel = "ID",
      description = "Which signal; needed when the pack has several autoencoders.")
  private @Nullable String signal;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The folder to write: absent or empty.")
  private Path out;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    InputFile.emptyDirectory(out);
    SaePack read = SaePack.read(pack, signal);
    SaeLensFolder.write(out, read.signal());
    int features = read.signal().sae().features();
    String hookPoint = read.signal().hookPoint().name();
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("folder", out.toString());
      object.addProperty("features", features);
      object.addProperty("hook_point", hookPoint);
      object.addProperty("pack", read.pack().digest());
      spec.commandLine().getOut().println(object);
    } else {
      spec.commandLine()
          .getOut()
          .println(
              out
                  + ": cfg.json and sae_weights.safetensors, "
                  + features
                  + " features of "
                  + hookPoint);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }
}
