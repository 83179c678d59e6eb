package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that write to a disk which has room for next to nothing: one line that names what was
 * written, and exit code 2. The disk is in memory, in a mount namespace of the command's own, for
 * which not every machine gives the right.
 */
class FullDiskTest {
  @TempDir private static Path folder;
  private static Path disk;
  private static Path model;
  private static Path tokenizer;
  private static Path data;
  private static Path store;
  private static Path sae;
  private static Path pack;

  @BeforeAll
  static void write() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(onSmallDisk(List.of("true")).exitCode() == 0, "a disk can be mounted");
    model = Planted.model(folder);
    tokenizer = Planted.tokenizer(folder);
    data = Planted.concept(folder.resolve("data.csv"), 300, 1);
    store = folder.resolve("store");
    sae = folder.resolve("saes");
    pack = folder.resolve("pack");
    done(Command.train(data, model, tokenizer, pack));
    done(Command.run(capture(store)));
    done(Command.run(sae(sae)));
  }

  @Test
  void capture_toAStore() throws Exception {
    Path out = disk.resolve("store");
    refused(innerspan(capture(out)), out);
  }

  @Test
  void train_aPack() throws Exception {
    Path out = disk.resolve("pack");
    refused(labelled("train", data, "--out", out), out);
  }

  @Test
  void calibrate_aPack() throws Exception {
    Path out = disk.resolve("pack");
    Path other = Planted.concept(folder.resolve("other.csv"), 300, 2);
    refused(labelled("calibrate", other, "--pack", pack, "--out", out), out);
  }

  @Test
  void sae_trainAndExport() throws Exception {
    Path packs = disk.resolve("packs");
    refused(innerspan(sae(packs)), packs);
    Path exported = disk.resolve("saelens");
    refused(
        innerspan("sae", "export", "--sae", sae.resolve("seed-1"), "--out", exported), exported);
  }

  @Test
  void features_build() throws Exception {
    Path dictionary = disk.resolve("features.db");
    refused(
        innerspan(
            "features",
            "build",
            "--sae",
            sae.resolve("seed-1"),
            "--store",
            store,
            "--dictionary",
            dictionary,
            "--version-name",
            "v1"),
        dictionary);
  }

  @Test
  void evaluate_aReport() throws Exception {
    Path html = disk.resolve("report.html");
    Path test = Planted.concept(folder.resolve("test.csv"), 100, 3);
    refused(labelled("evaluate", test, "--pack", pack, "--html", html), html);
  }

  private static Command labelled(String name, Path data, Object... more) throws Exception {
    List<Object> args = Command.labelled(name, data, model, tokenizer);
    args.addAll(List.of(more));
    return innerspan(args.toArray());
  }

  private static Object[] capture(Path out) {
    return new Object[] {
      "capture",
      "--model",
      model,
      "--tokenizer",
      tokenizer,
      "--data",
      data,
      "--text-column",
      "text",
      "--hook-point",
      Planted.LAYER,
      "--store",
      out
    };
  }

  private static Object[] sae(Path out) {
    return new Object[] {
      "sae",
      "train",
      "--store",
      store,
      "--features",
      128,
      "--k",
      2,
      "--epochs",
      1,
      "--seeds",
      1,
      "--out",
      out
    };
  }

  private static void done(Command command) {
    assertThat(command.exitCode()).as(command.err()).isZero();
  }

  private static void refused(Command command, Path written) {
    assertThat(command.exitCode()).as(command.out() + command.err()).isEqualTo(2);
    List<String> told =
        command.err().lines().filter(line -> line.startsWith("innerspan: ")).toList();
    assertThat(told).as(command.err()).hasSize(1);
    assertThat(told.get(0)).contains(written.toString()).containsPattern("No space left|is full");
    assertThat(command.err()).doesNotContain("\tat ");
  }

  private static Command innerspan(Object... args) throws Exception {
    return onSmallDisk(ChildJvm.command(List.of(), args));
  }

  /** With 16 KiB at {@link #disk}, which nobody else sees. */
  private static Command onSmallDisk(List<String> command) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o size=16k innerspan \"$1\" && shift && exec \"$@\"",
                "sh",
                disk.toString()));
    all.addAll(command);
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    try {
      Process process =
          ChildJvm.withClassPath(all)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      int exitCode = process.waitFor();
      return new Command(
          exitCode,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return new Command(127, "", String.valueOf(e.getMessage()));
    }
  }
}
