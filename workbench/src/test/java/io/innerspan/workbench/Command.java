package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * One run of the command.
 *
 * @param exitCode what it ended with
 * @param out its standard output
 * @param err its standard error
 */
record Command(int exitCode, String out, String err) {
  static Command run(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Innerspan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode =
        commandLine.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    return new Command(exitCode, out.toString(), err.toString());
  }

  /** Trains for the label {@code yes} of the columns {@code text} and {@code label}. */
  static Command train(Path data, Path model, Path tokenizer, Path out, Object... more) {
    List<Object> args = labelled("train", data, model, tokenizer);
    args.addAll(List.of("--out", out));
    args.addAll(List.of(more));
    return run(args.toArray());
  }

  /** A command on the label {@code yes} of the columns {@code text} and {@code label}. */
  static List<Object> labelled(String name, Path data, Path model, Path tokenizer) {
    List<Object> args = new ArrayList<>(List.of(name, "--data", data, "--text-column", "text"));
    args.addAll(List.of("--label-column", "label", "--positive", "yes"));
    args.addAll(List.of("--model", model, "--tokenizer", tokenizer));
    return args;
  }

  /** Holds that it was refused as bad input, in one line that says all of this. */
  void assertRefused(String... reasons) {
    assertThat(exitCode).as(out + err).isEqualTo(2);
    assertThat(err.lines().filter(line -> line.startsWith("innerspan:"))).hasSize(1);
    assertThat(err).contains(reasons);
  }
}
