package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.ProbePack;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacksTest {
  private static final String DIGEST = "ab".repeat(32);
  private static final String OTHER_DIGEST = "cd".repeat(32);
  private static final String STRUCTURE = "12".repeat(32);
  private static final String OTHER_STRUCTURE = "34".repeat(32);

  private static final ProbePack BY_STRUCTURE = TestPacks.pack("a", DIGEST, STRUCTURE);
  private static final ProbePack BY_DIGEST = TestPacks.pack("b", DIGEST, null);

  private final Logger logger = Logger.getLogger(Packs.class.getName());
  private final List<String> log = new ArrayList<>();
  private final Handler keeper =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          log.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    logger.setUseParentHandlers(false);
    logger.addHandler(keeper);
  }

  @AfterEach
  void stopListening() {
    logger.removeHandler(keeper);
    logger.setUseParentHandlers(true);
  }

  @Test
  void needDigest_onlyWithAPackWithoutStructure() {
    assertThat(new Packs(List.of()).needDigest()).isFalse();
    assertThat(new Packs(List.of(BY_STRUCTURE)).needDigest()).isFalse();
    assertThat(new Packs(List.of(BY_STRUCTURE, BY_DIGEST)).needDigest()).isTrue();
  }

  @Test
  void matching_byStructure_doesNotWaitForTheDigest() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));

    assertThat(packs.matching(STRUCTURE, "")).containsExactly(BY_STRUCTURE);
    assertThat(packs.matching(OTHER_STRUCTURE, DIGEST)).containsExactly(BY_DIGEST);
    assertThat(packs.matching(STRUCTURE, DIGEST)).containsExactly(BY_STRUCTURE, BY_DIGEST);
    assertThat(packs.matching(OTHER_STRUCTURE, OTHER_DIGEST)).isEmpty();
  }

  @Test
  void sayUnmatched_saysOnceOfEachPackWhatWasExpectedAndSeen() {
    Packs packs = new Packs(List.of(BY_STRUCTURE, BY_DIGEST));

    packs.sayUnmatched("model.onnx", OTHER_DIGEST);
    packs.sayUnmatched("another.onnx", OTHER_DIGEST);

    assertThat(log)
        .containsExactly(
            "WARNING Innerspan: pack "
                + BY_STRUCTURE.label()
                + " matches no session so far: expected model tiny with sha256:"
                + DIGEST
                + ", found model.onnx with sha256:"
                + OTHER_DIGEST,
            "WARNING Innerspan: pack "
                + BY_DIGEST.label()
                + " matches no session so far: expected model tiny with sha256:"
                + DIGEST
                + ", found model.onnx with sha256:"
                + OTHER_DIGEST);
  }

  @Test
  void sayUnmatched_packThatFoundItsModel_isNotMentioned() {
    Packs packs = new Packs(List.of(BY_STRUCTURE));
    packs.matching(STRUCTURE, "");

    packs.sayUnmatched("other.onnx", OTHER_DIGEST);

    assertThat(log).isEmpty();
  }
}
