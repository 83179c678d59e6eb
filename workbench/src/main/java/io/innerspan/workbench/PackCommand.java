package io.innerspan.workbench;

import io.innerspan.signals.pack.PackException;
import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import io.innerspan.workbench.packs.PackDiff;
import io.innerspan.workbench.packs.PackDraft;
import io.innerspan.workbench.packs.PackJson;
import io.innerspan.workbench.packs.PackText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code innerspan pack}. */
@Command(
    name = "pack",
    mixinStandardHelpOptions = true,
    description =
        "Shows, verifies, compares, builds and imports probe packs, and records their canaries.",
    subcommands = {
      PackCommand.Show.class,
      PackCardCommand.class,
      PackVerifyCommand.class,
      PackCommand.Diff.class,
      PackCommand.Build.class,
      PackImportCommand.class,
      PackCanariesCommand.class
    })
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class PackCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  static ProbePack read(Path path) {
    try {
      return PackReader.read(path);
    } catch (PackException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /** {@code innerspan pack show}. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description =
          "Tells what a pack holds; reading it proves its digests and golden activations.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "PACK", description = "A pack: a folder or a zip.")
    private Path pack;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      ProbePack read = read(pack);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(PackJson.of(read));
      } else {
        PackText.print(read, out);
      }
      out.flush();
      return 0;
    }
  }

  /** {@code innerspan pack diff}. */
  @Command(
      name = "diff",
      mixinStandardHelpOptions = true,
      description =
          "Tells what differs between two packs: every field, and how far the weights of probes of"
              + " one id have moved. Prints nothing but 'no difference' for equal ones.")
  static final class Diff implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "A pack.")
    private Path before;

    @Parameters(index = "1", paramLabel = "B", description = "Another pack.")
    private Path after;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
      PackDiff diff = new PackDiff(read(before), read(after));
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(diff.json());
      } else if (diff.changes().isEmpty()) {
        out.println("no difference");
      } else {
        diff.changes()
            .forEach(
                (path, change) ->
                    out.println(path + ": " + change.before() + " -> " + change.after()));
      }
      out.flush();
      return 0;
    }
  }

  /** {@code innerspan pack build}. */
  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
      description = {
        "Makes a pack of a folder with a manifest probe.json and the files that it names.",
        "The list of files with their digests is made anew, everything is proven as when a pack is"
            + " read, and the pack is written in canonical form: the same content gives the same"
            + " bytes, and so the same digest."
      })
  static final class Build implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "DRAFT", description = "A folder with probe.json.")
    private Path draft;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "PACK",
        description = "The pack's folder, absent or empty; or a zip that is not there.")
    private Path out;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
      InputFile.emptyDirectory(out);
      ProbePack built = PackDraft.in(draft).write(out);
      PrintWriter print = spec.commandLine().getOut();
      print.println(
          json ? PackJson.of(built) : out + ": " + built.label() + ", digest " + built.digest());
      print.flush();
      return 0;
    }
  }
}
