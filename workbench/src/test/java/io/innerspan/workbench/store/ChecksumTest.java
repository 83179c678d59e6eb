package io.innerspan.workbench.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumTest {
  @TempDir Path folder;

  /** The check value of the CRC catalogue, and vectors of RFC 3720, appendix B.4. */
  @Test
  void of_publishedVectors_isThePublishedValue() throws Exception {
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    assertThat(of("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo("e3069283");
    assertThat(of(new byte[32])).isEqualTo("8a9136aa");
    assertThat(of(ones)).isEqualTo("62a8ab43");
    assertThat(of(new byte[0])).isEqualTo("00000000");
  }

  @Test
  void of_aLargeFileWithOneBitTurned_isAnother() throws Exception {
    byte[] content = new byte[3 * (1 << 18) + 5];
    new Random(1).nextBytes(content);
    String whole = of(content);
    content[content.length - 1] ^= 1;
    assertThat(of(content)).isNotEqualTo(whole);
  }

  private String of(byte[] content) throws Exception {
    return Checksum.of(Files.write(folder.resolve("file"), content));
  }
}
