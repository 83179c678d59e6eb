package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether p-values of windows are what they say: of streams in which nothing changes, windows with
 * a p-value of at most some number are no more often than that. Counted as far as counting goes;
 * production asks for far smaller ones.
 */
class WindowTestsTest {
  private static final double ALLOWED = 0.001;
  private static final int WINDOW = 2_000;
  private static final int WINDOWS = 3_000;

  /** Three expected at most, and three standard deviations. */
  private static final int MOST = 9;

  @ParameterizedTest
  @CsvSource({
    "INDEPENDENT, KS", "INDEPENDENT, PSI",
    "AUTOCORRELATED, KS", "AUTOCORRELATED, PSI",
    "DIURNAL, KS", "DIURNAL, PSI"
  })
  void close_ofWindowsWithoutChange_findsNoMoreThanAllowed(
      FalseFindingsTest.Kind kind, DriftMethod method) throws IOException {
    Baseline baseline = kind.baseline(50);
    Bins bins = baseline.bins();
    WindowTests tests = new WindowTests(Set.of(method), baseline, bins);
    DoubleSupplier stream = kind.stream(51);
    int found = 0;
    for (int window = 0; window < WINDOWS; window++) {
      for (int i = 0; i < WINDOW; i++) {
        tests.add(bins.of(stream.getAsDouble()));
      }
      found += tests.close(ALLOWED, 1, 0) == null ? 0 : 1;
    }

    Files.writeString(
        Path.of("target", "false-windows-" + kind + "-" + method + ".txt"),
        String.format(Locale.ROOT, "%d of %d%n", found, WINDOWS));
    assertThat(found).isLessThanOrEqualTo(MOST);
  }
}
