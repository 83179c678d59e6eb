package io.innerspan.workbench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.innerspan.onnxruntime.graft.TapPoint;
import io.innerspan.onnxruntime.graft.TensorInfo;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.model.ModelReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      "Shows a model's layers and the hook points where activations can be read.",
      "Exit code 2 when the model cannot be grafted; the reason is given."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class InspectCommand implements Callable<Integer> {
  private static final Gson JSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().setPrettyPrinting().create();

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "MODEL", description = "An ONNX model.")
  private Path model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() {
    ModelReport report = ModelReport.of(InputFile.existing(model));
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      print.println(JSON.toJson(object(report)));
    } else {
      table(report, print);
    }
    print.flush();
    if (report.refused() == null) {
      return 0;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "innerspan: "
            + model
            + ": expected a model with readable layers, found "
            + report.refused());
    err.flush();
    return Failures.BAD_INPUT;
  }

  private static Map<String, @Nullable Object> object(ModelReport report) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("layers", report.layers());
    object.put("hook_points", report.hookPoints().stream().map(InspectCommand::hookPoint).toList());
    object.put("refused", report.refused());
    object.put("structure", report.structure());
    object.put("sha256", report.sha256());
    object.put("ir_version", report.irVersion());
    object.put("opset", report.opset());
    object.put("inputs", report.inputs().stream().map(InspectCommand::tensor).toList());
    object.put("outputs", report.outputs().stream().map(InspectCommand::tensor).toList());
    object.put("mask_input", report.maskInput());
    return object;
  }

  private static Map<String, @Nullable Object> hookPoint(TapPoint tap) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", tap.hookPoint().name());
    Map<String, @Nullable Object> tensor = tensor(tap.tensor());
    object.put("tensor", tensor.get("name"));
    object.put("type", tensor.get("type"));
    object.put("shape", tensor.get("shape"));
    object.put("safe", tap.usable());
    object.put("safety", safety(tap));
    object.put("note", tap.note());
    return object;
  }

  private static Map<String, @Nullable Object> tensor(TensorInfo tensor) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("name", tensor.name());
    object.put("type", tensor.type().name().toLowerCase(Locale.ROOT));
    object.put(
        "shape",
        tensor.shape() == null
            ? null
            : tensor.shape().stream()
                .map(
                    dimension ->
                        dimension.isFixed() ? (Object) dimension.size() : dimension.toString())
                .toList());
    return object;
  }

  private static void table(ModelReport report, PrintWriter print) {
    print.println("sha256     " + report.sha256());
    print.println("structure  " + (report.structure() == null ? "-" : report.structure()));
    if (report.opset() != null) {
      print.println("onnx       opset " + report.opset() + ", IR " + report.irVersion());
    }
    tensors(print, "input", report.inputs());
    tensors(print, "output", report.outputs());
    print.println("mask       " + (report.maskInput() == null ? "-" : report.maskInput()));
    print.println("layers     " + report.layers());
    int width = 0;
    for (TapPoint tap : report.hookPoints()) {
      width = Math.max(width, tap.hookPoint().name().length());
    }
    for (TapPoint tap : report.hookPoints()) {
      print.printf(
          Locale.ROOT,
          "%-" + width + "s  %-7s  %-8s %s  %s%n",
          tap.hookPoint().name(),
          safety(tap),
          tap.tensor().type().name().toLowerCase(Locale.ROOT),
          tap.tensor().shapeText(),
          tap.tensor().name());
    }
  }

  private static void tensors(PrintWriter print, String what, List<TensorInfo> tensors) {
    for (TensorInfo tensor : tensors) {
      print.printf(
          Locale.ROOT,
          "%-10s %s %s %s%n",
          what,
          tensor.name(),
          tensor.type().name().toLowerCase(Locale.ROOT),
          tensor.shapeText());
    }
  }

  private static String safety(TapPoint tap) {
    return tap.safety().name().toLowerCase(Locale.ROOT);
  }
}
