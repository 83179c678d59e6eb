package io.innerspan.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command that takes long, one after another, on a model of which it is known what it holds.
 */
class WorkflowTest {
  private static final List<Path> BROWSERS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

  @TempDir private static Path folder;
  private static final Map<String, Command> COMMANDS = new LinkedHashMap<>();
  private static final Map<String, Path> REPORTS = new LinkedHashMap<>();

  @BeforeAll
  static void run() throws Exception {
    Path model = Planted.model(folder);
    Path tokenizer = Planted.tokenizer(folder);
    Path train = Planted.concept(folder.resolve("train.csv"), 300, 1);
    Path test = Planted.concept(folder.resolve("test.csv"), 300, 2);
    Object[] live = {"--model", model, "--tokenizer", tokenizer};
    Object[] labelled = {"--text-column", "text", "--label-column", "label"};
    Path pack = folder.resolve("pack");
    Path store = folder.resolve("store");
    Path saes = folder.resolve("saes");
    Path dictionary = folder.resolve("features.db");
    for (String name : List.of("evaluate", "sae evaluate", "features report")) {
      REPORTS.put(name, folder.resolve(name.replace(' ', '-') + ".html"));
    }
    run("train", live, labelled, "--data", train, "--positive", "yes", "--out", pack);
    run(
        "evaluate",
        live,
        labelled,
        "--pack",
        pack,
        "--data",
        test,
        "--positive",
        "yes",
        "--by-layer",
        "--slice-column",
        "kind",
        "--source-column",
        "kind",
        "--html",
        REPORTS.get("evaluate"));
    run(
        "calibrate",
        live,
        labelled,
        "--pack",
        pack,
        "--data",
        test,
        "--positive",
        "yes",
        "--out",
        folder.resolve("calibrated"));
    run("bench", live, labelled, "--data", test);
    run(
        "capture",
        live,
        labelled,
        "--data",
        train,
        "--hook-point",
        Planted.LAYER,
        "--store",
        store);
    run(
        "sae train",
        "--store",
        store,
        "--features",
        64,
        "--k",
        4,
        "--epochs",
        20,
        "--batch",
        128,
        "--out",
        saes);
    run(
        "sae evaluate",
        live,
        "--sae",
        saes,
        "--store",
        store,
        "--positive",
        "yes",
        "--html",
        REPORTS.get("sae evaluate"));
    run(
        "features build",
        "--sae",
        saes.resolve("seed-1"),
        "--store",
        store,
        "--dictionary",
        dictionary,
        "--version-name",
        "v1");
    run("features report", "--dictionary", dictionary, "--html", REPORTS.get("features report"));
    run("sae export", "--sae", saes.resolve("seed-1"), "--out", folder.resolve("saelens"));
    run(
        "sae import",
        live,
        "--saelens",
        folder.resolve("saelens"),
        "--out",
        folder.resolve("imported"));
    run("check", pack, "--model", model);
    run("pack card", pack);
  }

  private static void run(String name, Object... args) {
    List<Object> all = new ArrayList<>(List.of((Object[]) name.split(" ")));
    for (Object arg : args) {
      all.addAll(arg instanceof Object[] several ? Arrays.asList(several) : List.of(arg));
    }
    all.add("--json");
    Command command = Command.run(all.toArray());
    assertThat(command.exitCode()).as(name + ": " + command.err()).isZero();
    COMMANDS.put(name, command);
  }

  @Test
  void json_isOneObjectAndNothingElse() {
    COMMANDS.forEach(
        (name, command) -> {
          JsonObject object = JsonParser.parseString(command.out()).getAsJsonObject();
          assertThat(object.keySet()).as(name).isNotEmpty();
        });
    assertThat(json("check").getAsJsonArray("packs")).hasSize(1);
    assertThat(json("check").get("right").getAsBoolean()).isTrue();
    assertThat(json("pack card").get("markdown").getAsString()).startsWith("# ");
    assertThat(json("sae export").get("features").getAsInt()).isEqualTo(64);
    assertThat(json("sae export").get("hook_point").getAsString()).isEqualTo(Planted.LAYER);
    assertThat(json("sae import").get("golden_inputs").getAsInt()).isPositive();
    assertThat(json("features report").get("version").getAsString()).isEqualTo("v1");
    assertThat(json("features report").get("features").getAsInt()).isEqualTo(64);
  }

  @Test
  void check_jsonOfARefusal_namesTheFault() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("probe.json"), "{}");

    Command command = Command.run("check", broken, "--json");

    assertThat(command.exitCode()).isEqualTo(2);
    JsonObject object = JsonParser.parseString(command.out()).getAsJsonObject();
    assertThat(object.get("right").getAsBoolean()).isFalse();
    assertThat(object.getAsJsonArray("faults")).hasSize(1);
  }

  private static JsonObject json(String name) {
    return JsonParser.parseString(COMMANDS.get(name).out()).getAsJsonObject();
  }

  @Test
  void progress_isToldByEveryCommandThatTakesLong() {
    for (String name :
        List.of(
            "train",
            "evaluate",
            "calibrate",
            "bench",
            "sae train",
            "sae evaluate",
            "features build",
            "sae import")) {
      assertThat(COMMANDS.get(name).err()).as(name).containsPattern("\\d+ of \\d+|step \\d+");
    }
    assertThat(COMMANDS.get("evaluate").err())
        .contains("tested texts: 300 of 300", "baseline: length only", "timing 50 texts");
    assertThat(COMMANDS.get("capture").err()).contains("300 texts, ");
    assertThat(COMMANDS.get("sae evaluate").err()).contains("controls");
  }

  @Test
  void reports_inABrowser_loadNothingAndFit() throws Exception {
    Path browser =
        BROWSERS.stream().filter(Files::isExecutable).findFirst().orElse(Path.of("none"));
    assumeTrue(Files.isExecutable(browser), "Chromium is here");
    Map<String, Integer> fewest = Map.of("evaluate", 8, "sae evaluate", 4, "features report", 1);
    for (Map.Entry<String, Path> report : REPORTS.entrySet()) {
      for (int width : new int[] {1200, 420}) {
        JsonObject seen = seen(browser, report.getValue(), width);
        String what = report.getKey() + " at " + width;
        assertThat(seen.get("title").getAsString()).as(what).isNotBlank();
        assertThat(seen.get("drawn").getAsInt())
            .as(what)
            .isGreaterThanOrEqualTo(fewest.get(report.getKey()));
        assertThat(seen.get("empty").getAsInt()).as(what).isZero();
        assertThat(seen.get("wide").getAsInt()).as(what).isLessThanOrEqualTo(width);
        assertThat(seen.get("policy").getAsString()).as(what).contains("default-src 'none'");
      }
    }
  }

  /** What a page that holds the report in a frame sees of it. */
  private static JsonObject seen(Path browser, Path report, int width) throws Exception {
    Path outer =
        Files.writeString(
            folder.resolve("outer.html"),
            "<!doctype html><title>none</title><iframe id=f style=\"border:0;width:"
                + width
                + "px;height:900px\" src=\""
                + report.getFileName()
                + "\"></iframe><script>onload = () => {"
                + "const d = document.getElementById('f').contentDocument;"
                + "const drawings = [...d.querySelectorAll('svg')];"
                + "document.title = JSON.stringify({title: d.title, drawn: drawings.length,"
                + "empty: drawings.filter(s => s.getBoundingClientRect().height < 40).length,"
                + "wide: d.documentElement.scrollWidth,"
                + "policy: d.querySelector('meta[http-equiv]').content}) }</script>");
    Path out = folder.resolve("dom.txt");
    Path err = folder.resolve("browser.txt");
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--allow-file-access-from-files",
                "--enable-logging=stderr",
                "--window-size=1400,1000",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                outer.toUri().toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    assertThat(Files.readString(err))
        .as(report.toString())
        .doesNotContain("Content Security Policy");
    String dom = Files.readString(out, StandardCharsets.UTF_8);
    String title = dom.substring(dom.indexOf("<title>") + 7, dom.indexOf("</title>"));
    return JsonParser.parseString(
            title.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
        .getAsJsonObject();
  }
}
