package io.innerspan.onnxruntime.session;

import io.innerspan.testing.models.SmallModel;
import io.innerspan.testing.models.SmallModels;
import io.innerspan.testing.models.Traits.OrtVersion;
import io.innerspan.testing.mutation.ModelMutator;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A JVM that opens damaged models one after the other, and may die of it: {@code FuzzChild
 * plain|both SEED FROM TO STEP FOLDER}. Each line says a step before it is taken, or how it ended.
 */
final class FuzzChild {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private FuzzChild() {}

  public static void main(String[] arguments) throws Exception {
    boolean both = arguments[0].equals("both");
    long seed = Long.parseLong(arguments[1]);
    int to = Integer.parseInt(arguments[3]);
    int step = Integer.parseInt(arguments[4]);
    Path folder = Path.of(arguments[5]);
    OrtVersion version = OrtVersion.of(OrtApi.version());
    List<SmallModel> models =
        SmallModels.where(model -> model.traits().minOrt().compareTo(version) <= 0);
    ModelMutator mutator = new ModelMutator(models.stream().map(SmallModel::model).toList());
    for (int number = Integer.parseInt(arguments[2]); number < to; number += step) {
      OUT.println("plain " + number);
      FuzzCase one = new FuzzCase(models, mutator, number, seed, folder);
      String plain = one.plain();
      if (both) {
        OUT.println("ours " + number);
        OUT.println(FuzzOutcome.oneLine(compare(one, plain)));
      } else {
        OUT.println("seen " + plain);
      }
      clean(folder);
    }
    OUT.println("end");
    Runtime.getRuntime().halt(0); // What a damaged model did must not show on the way out.
  }

  private static String compare(FuzzCase one, String plain) {
    StringBuilder came = new StringBuilder();
    List<String> outcomes;
    try {
      outcomes = one.ours(came);
    } catch (Throwable e) {
      return "failed " + e + (e.getCause() == null ? "" : " because of " + e.getCause());
    }
    for (String outcome : outcomes) {
      if (!outcome.equals(plain)) {
        return "differs " + plain + " WITH US " + outcome;
      }
    }
    boolean runs = plain.startsWith("inputs ");
    return "same " + (runs ? "runs" : "refused by the runtime") + ", " + came;
  }

  private static void clean(Path folder) throws Exception {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      for (Path entry : entries) {
        Files.deleteIfExists(entry);
      }
    }
  }
}
