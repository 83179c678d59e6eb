package io.innerspan.workbench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackFolder;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.model.PackCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan check}. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Checks probe packs as the agent does when it starts: digests, shapes, finite weights, golden"
          + " activations, ids that two packs claim.",
      "With --model also as when that model is opened: the model's digest, each signal's place, and"
          + " the golden inputs. Exit code 2 and a line for each fault when a pack is refused."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PACKS",
      description = "A probe pack (a folder or a zip), or a folder of packs.")
  private Path packs;

  @Option(names = "--model", paramLabel = "M.onnx", description = "The model that they are for.")
  private @Nullable Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    PackFolder found = PackFolder.scan(packs);
    List<String> faults = new ArrayList<>();
    for (PackException refusal : found.refusals()) {
      faults.add(String.valueOf(refusal.getMessage()));
    }
    for (PackException refusal : found.certificateRefusals()) {
      faults.add(String.valueOf(refusal.getMessage()));
    }
    if (found.packs().isEmpty() && faults.isEmpty()) {
      throw BadInput.in(packs, "a probe pack or a folder of packs", "none");
    }
    PackCheck check = model == null ? null : PackCheck.on(model);
    PrintWriter print = spec.commandLine().getOut();
    JsonArray told = new JsonArray();
    for (ProbePack pack : found.packs()) {
      List<String> its = check == null ? List.of() : check.faults(pack);
      faults.addAll(its);
      long certificates =
          found.certificates().stream().filter(each -> each.pack().equals(pack.digest())).count();
      told.add(object(pack, certificates, its.isEmpty()));
      if (its.isEmpty() && !json) {
        print.println(
            pack.label()
                + ": right; signals: "
                + pack.signals().size()
                + ", golden inputs: "
                + pack.goldenInputs().size()
                + ", certificates: "
                + certificates
                + ", digest "
                + pack.digest());
      }
    }
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("right", faults.isEmpty());
      object.addProperty("on_model", model != null);
      object.add("packs", told);
      JsonArray all = new JsonArray();
      faults.forEach(all::add);
      object.add("faults", all);
      print.println(object);
    }
    print.flush();
    PrintWriter err = spec.commandLine().getErr();
    faults.forEach(fault -> err.println("innerspan: " + fault));
    err.flush();
    return faults.isEmpty() ? 0 : Failures.BAD_INPUT;
  }

  private static JsonObject object(ProbePack pack, long certificates, boolean right) {
    JsonObject object = new JsonObject();
    object.addProperty("name", pack.name());
    object.addProperty("version", pack.version());
    object.addProperty("digest", pack.digest());
    object.addProperty("signals", pack.signals().size());
    object.addProperty("golden_inputs", pack.goldenInputs().size());
    object.addProperty("certificates", certificates);
    object.addProperty("right", right);
    return object;
  }
}
