package io.innerspan.workbench;

import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.Platform;
import io.innerspan.workbench.calibrate.CanaryOptions;
import io.innerspan.workbench.calibrate.CanaryRecorder;
import io.innerspan.workbench.calibrate.CanaryTexts;
import io.innerspan.workbench.calibrate.RecordedCanaries;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code innerspan pack canaries}. */
@Command(
    name = "canaries",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes of a pack one with canaries: inputs that the agent replays on the live session and whose"
          + " readings it compares with those that are recorded here.",
      "With --data texts are added to the canaries that the pack has; with --record there are none"
          + " to add. Either way all of them are run on the model, and what the pack's signals give is"
          + " recorded for this machine's architecture; readings of other architectures stay."
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class PackCanariesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--pack", required = true, paramLabel = "PACK", description = "The pack.")
  private Path pack;

  @Option(names = "--model", required = true, paramLabel = "M.onnx", description = "Its model.")
  private Path model;

  @Option(
      names = "--tokenizer",
      paramLabel = "tokenizer.json",
      description = "The model's tokenizer; needed with --data.")
  private @Nullable Path tokenizer;

  @Option(
      names = "--data",
      paramLabel = "FILE.csv",
      description = "Texts to add: CSV (RFC 4180, UTF-8) with a header.")
  private @Nullable Path data;

  @Option(names = "--text-column", paramLabel = "C", description = "The column of texts.")
  private @Nullable String text;

  @Option(
      names = "--kind-column",
      paramLabel = "C",
      description = "The column of kinds: ordinary or red_team.")
  private @Nullable String kindColumn;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "The kind of all texts, in place of a column: ordinary or red_team.")
  private @Nullable String kind;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Take the first N texts that differ, at most 256.")
  private @Nullable Integer limit;

  @Option(
      names = "--record",
      description = "Add nothing: record the canaries that the pack has, on this architecture.")
  private boolean record;

  @Option(
      names = "--out",
      paramLabel = "PACK",
      description = "The new pack's folder: absent or empty.")
  private @Nullable Path out;

  @Option(
      names = "--in-place",
      description = "Put the new pack in the old one's place instead; a certificate is then void.")
  private boolean inPlace;

  @Option(
      names = "--pack-version",
      paramLabel = "V",
      description = "The new pack's semantic version (default: the next patch version).")
  private @Nullable String version;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (inPlace == (out != null)) {
      throw new BadInput("pack canaries: expected either --out or --in-place, found " + found(out));
    }
    if (record == (data != null)) {
      throw new BadInput("pack canaries: expected either --data or --record, found " + found(data));
    }
    CanaryOptions options =
        new CanaryOptions(
            pack,
            model,
            out,
            version == null ? null : NameOptions.version(version),
            Platform.current().architecture(),
            texts());
    RecordedCanaries done =
        new CanaryRecorder(options, new Progress(spec.commandLine().getErr())).run();
    PrintWriter print = spec.commandLine().getOut();
    if (json) {
      print.println(done.json());
      print.flush();
    } else {
      done.print(print);
    }
    return 0;
  }

  private static String found(@Nullable Path other) {
    return other == null ? "neither" : "both";
  }

  private CanaryOptions.@Nullable Texts texts() {
    if (data == null) {
      return null;
    }
    if (tokenizer == null || text == null) {
      throw new BadInput("--data: expected --tokenizer and --text-column, found not both");
    }
    if ((kind == null) == (kindColumn == null)) {
      throw new BadInput(
          "--data: expected either --kind or --kind-column, found "
              + (kind == null ? "neither" : "both"));
    }
    if (limit != null && (limit < 1 || limit > Canary.MOST)) {
      throw new BadInput(
          "--limit: expected a number from 1 to " + Canary.MOST + ", found " + limit);
    }
    return new CanaryOptions.Texts(
        tokenizer,
        data,
        text,
        kindColumn,
        kind == null ? null : CanaryTexts.kind("--kind", kind),
        limit);
  }
}
