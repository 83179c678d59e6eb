package io.innerspan.workbench.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of a page, where there is one. */
class ReportInChromiumTest {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 700;
  private static final List<Path> BROWSERS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));

  @TempDir private Path folder;
  private Path browser;
  private Path page;

  @BeforeEach
  void write() throws IOException {
    browser = BROWSERS.stream().filter(Files::isExecutable).findFirst().orElse(Path.of("none"));
    assumeTrue(Files.isExecutable(browser), "Chromium is here");
    Html html =
        new Html("A <title>")
            .verdict(true, "Yes.", List.of("It is so."))
            .raw(Charts.ranges("Ranges", "", List.of(new Charts.Range("a", .2, .3, .9)), 0.5))
            .raw(Charts.bars("Bars", "x", "y", List.of("u", "v"), Map.of("s", List.of(1.0, 2.0))))
            .raw("<script>document.title = 'ran'</script><img src=\"http://127.0.0.1:1/x.png\">");
    page = Files.writeString(folder.resolve("page.html"), html.end());
  }

  @Test
  void page_runsNoScriptAndLoadsNothing() throws Exception {
    Run run = chromium("--dump-dom", "--enable-logging=stderr");

    assertThat(run.out()).contains("<title>A &lt;title&gt;</title>", "aria-label=\"Ranges\"");
    assertThat(run.err())
        .contains("Content Security Policy directive", "script-src", "http://127.0.0.1:1/x.png");
  }

  @Test
  void page_isLightOrDarkAsTheReaderIs() throws Exception {
    BufferedImage light = screenshot("light", 1);
    BufferedImage dark = screenshot("dark", 0);

    assertThat(light.getRGB(2, 2) & 0xffffff).isEqualTo(0xffffff);
    assertThat(dark.getRGB(2, 2) & 0xffffff).isEqualTo(0x14171b);
    assertThat(colours(light)).as("text, lines and series are drawn").isGreaterThan(20);
    assertThat(colours(dark)).isGreaterThan(20);
  }

  private BufferedImage screenshot(String name, int scheme) throws Exception {
    Path file = folder.resolve(name + ".png");
    chromium(
        "--hide-scrollbars",
        "--window-size=" + WIDTH + "," + HEIGHT,
        "--blink-settings=preferredColorScheme=" + scheme,
        "--screenshot=" + file);
    return ImageIO.read(file.toFile());
  }

  private static long colours(BufferedImage image) {
    int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, WIDTH);
    return java.util.Arrays.stream(pixels).distinct().count();
  }

  private record Run(String out, String err) {}

  private Run chromium(String... options) throws Exception {
    Path err = folder.resolve("err.txt");
    Path out = folder.resolve("out.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(List.of(options));
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectError(err.toFile())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).as("%s", Files.readString(err)).isZero();
    return new Run(
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
