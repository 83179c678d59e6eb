package io.innerspan.recorder.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentPolicyTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir Path folder;

  @Test
  void off_takesNothing() throws Exception {
    assertThat(ContentPolicy.off().isOn()).isFalse();
    assertThat(ContentPolicy.off().takes(TRACE)).isFalse();
    assertThat(ContentPolicy.off().capture("text")).isNull();
  }

  @Test
  void digest_isTheHmacOfSaltAndText() throws Exception {
    // RFC 4231, test case 1: 20 bytes 0x0b, "Hi There".
    CapturedText captured = new Digester(bytes(20, 0x0b)).digest("Hi There");

    assertThat(captured.digest())
        .isEqualTo("hmac-sha256:b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assertThat(captured.text()).isNull();
    assertThat(captured.length()).isEqualTo(8);
  }

  @Test
  void digest_withoutASalt_isAnotherInEachProcess() throws Exception {
    ContentPolicy one = ContentPolicy.of(settings(ContentMode.DIGEST, 1, null, null));
    ContentPolicy other = ContentPolicy.of(settings(ContentMode.DIGEST, 1, null, null));

    assertThat(one.capture("text")).isEqualTo(one.capture("text"));
    assertThat(one.capture("text")).isNotEqualTo(other.capture("text"));
  }

  @Test
  void digest_withTheSameSaltFile_isTheSame() throws Exception {
    Path salt = Files.writeString(folder.resolve("salt"), "0123456789abcdef\n");
    Path same = Files.writeString(folder.resolve("same"), "0123456789abcdef");

    assertThat(digest(salt)).isEqualTo(digest(same));
    assertThat(digest(salt).length()).isEqualTo(4);
  }

  @Test
  void salt_thatIsTooShort_isRefused() throws Exception {
    Path salt = Files.writeString(folder.resolve("salt"), "short");

    assertThatIOException()
        .isThrownBy(() -> digest(salt))
        .withMessage(salt + ": expected a secret of at least 16 bytes, found 5");
  }

  @Test
  void rate_takesThisShareOfTraces_alwaysTheSame() throws Exception {
    ContentPolicy policy = ContentPolicy.of(settings(ContentMode.DIGEST, 0.25, null, null));
    Random random = new Random(1);
    int taken = 0;
    for (int i = 0; i < 10_000; i++) {
      String trace = String.format("%016x%016x", random.nextLong(), random.nextLong());
      boolean takes = policy.takes(trace);
      assertThat(policy.takes(trace)).isEqualTo(takes);
      taken += takes ? 1 : 0;
    }
    assertThat(taken).isBetween(2350, 2650);
  }

  @Test
  void rate_ofZeroAndOne_areNoneAndAll() throws Exception {
    assertThat(ContentPolicy.of(settings(ContentMode.DIGEST, 0, null, null)).takes(TRACE))
        .isFalse();
    ContentPolicy all = ContentPolicy.of(settings(ContentMode.DIGEST, 1, null, null));
    assertThat(all.takes("f".repeat(32))).isTrue();
    assertThat(all.takes("0".repeat(32))).isTrue();
  }

  @Test
  void patterns_ofAFile_areTakenOut() throws Exception {
    Path file = Files.writeString(folder.resolve("patterns"), "# ours\n\ncustomer = C-[0-9]{6}\n");
    ContentPolicy policy = ContentPolicy.of(settings(ContentMode.REDACTED, 1, file, null));

    assertThat(policy.capture("for C-123456").text()).isEqualTo("for [customer]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Customer = x", "= x", "customer", "customer = ("})
  void patterns_thatAreWrong_areRefusedWithTheLine(String line) throws Exception {
    Path file = Files.writeString(folder.resolve("patterns"), "ok = x\n" + line);

    assertThatIOException()
        .isThrownBy(() -> ContentPolicy.of(settings(ContentMode.REDACTED, 1, file, null)))
        .withMessageStartingWith(file + ":2: expected");
  }

  @Test
  void plugins_ofAJar_areServices() throws Exception {
    ContentPolicy policy =
        ContentPolicy.of(settings(ContentMode.REDACTED, 1, null, jarWithARedactor()));

    assertThat(policy.capture("Ada writes").text()).isEqualTo("[name] writes");
  }

  @Test
  void plugins_ofAJarWithoutAny_areRefused() throws Exception {
    Path jar = folder.resolve("empty.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("nothing"));
    }

    assertThatIOException()
        .isThrownBy(() -> ContentPolicy.of(settings(ContentMode.REDACTED, 1, null, jar)))
        .withMessageContaining("found none");
    assertThatIOException()
        .isThrownBy(
            () ->
                ContentPolicy.of(
                    settings(ContentMode.REDACTED, 1, null, folder.resolve("missing.jar"))))
        .withMessageContaining("no such file");
  }

  @Test
  void mode_thatIsNone_isRefused() {
    assertThat(ContentMode.of("redacted")).isEqualTo(ContentMode.REDACTED);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContentMode.of("Redacted"))
        .withMessage("expected off, digest or redacted, found Redacted");
  }

  private Path jarWithARedactor() throws Exception {
    Path source = folder.resolve("Names.java");
    Files.writeString(
        source,
        "public final class Names implements java.util.function.UnaryOperator<String> {"
            + " public String apply(String text) { return text.replace(\"Ada\", \"[name]\"); } }");
    int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString());
    assertThat(failed).isZero();
    Path jar = folder.resolve("redactors.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry("Names.class"));
      out.write(Files.readAllBytes(folder.resolve("Names.class")));
      out.putNextEntry(new ZipEntry("META-INF/services/java.util.function.UnaryOperator"));
      out.write("Names\n".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private static CapturedText digest(Path salt) throws Exception {
    ContentSettings settings =
        new ContentSettings(ContentMode.DIGEST, 100, 1, "short", null, null, salt);
    return ContentPolicy.of(settings).capture("text");
  }

  private static ContentSettings settings(
      ContentMode mode, double rate, Path patterns, Path plugins) {
    return new ContentSettings(mode, 100, rate, "short", patterns, plugins, null);
  }

  private static byte[] bytes(int count, int value) {
    byte[] bytes = new byte[count];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
