package io.innerspan.workbench;

import com.google.gson.GsonBuilder;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.model.CanaryCheck;
import io.innerspan.workbench.model.PackCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan pack verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Proves one pack: digests, shapes, finite weights, golden activations; with --model also the"
          + " model's digest, each signal's place, and on a live session the golden inputs, and the"
          + " canaries that were recorded on this architecture.",
      "Exit code 2 and a line for each fault when the pack is not right."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class PackVerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PACK", description = "A pack: a folder or a zip.")
  private Path pack;

  @Option(names = "--model", paramLabel = "M.onnx", description = "The model that it is for.")
  private @Nullable Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ProbePack read = null;
    CanaryCheck canaries = null;
    List<String> faults;
    try {
      read = PackReader.read(pack);
      PackCheck check = model == null ? null : PackCheck.on(model);
      faults = check == null ? List.of() : check.faults(read);
      if (check != null && faults.isEmpty() && !read.canaries().isEmpty()) {
        canaries = check.canaries(read, Platform.current().architecture());
        faults = canaries.faults();
      }
    } catch (PackException e) {
      faults = List.of(String.valueOf(e.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      object.put("right", faults.isEmpty());
      object.put("digest", read == null ? null : read.digest());
      object.put("on_model", model != null);
      object.put("canaries", canaries == null ? null : canaries.json());
      object.put("faults", faults);
      out.println(new GsonBuilder().serializeNulls().disableHtmlEscaping().create().toJson(object));
    } else if (faults.isEmpty() && read != null) {
      out.println(
          read.label()
              + (model == null ? ": right in itself" : ": right, also on " + model)
              + (canaries == null ? "" : "; " + canaries)
              + ", digest "
              + read.digest());
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    faults.forEach(fault -> err.println("innerspan: " + fault));
    err.flush();
    return faults.isEmpty() ? 0 : Failures.BAD_INPUT;
  }
}
