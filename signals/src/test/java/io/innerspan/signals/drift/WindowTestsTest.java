package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

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

    write(kind, method, found);
    assertThat(found).isLessThanOrEqualTo(MOST);
  }

  /** Two values that go together, of which a window's means are looked at together. */
  @ParameterizedTest
  @EnumSource
  void close_ofJointWindowsWithoutChange_findsNoMoreThanAllowed(FalseFindingsTest.Kind kind)
      throws IOException {
    double[] first = kind.values(60);
    double[] second = kind.values(61);
    for (int i = 0; i < first.length; i++) {
      second[i] = together(first[i], second[i]);
    }
    List<Baseline> baselines = List.of(Baseline.of(first), Baseline.of(second));
    List<Bins> bins = baselines.stream().map(Baseline::bins).toList();
    JointWindow joint =
        new JointWindow(Correlation.of(List.of(first, second), baselines), baselines, bins);
    DoubleSupplier stream = kind.stream(62);
    DoubleSupplier other = kind.stream(63);
    int found = 0;
    for (int window = 0; window < WINDOWS; window++) {
      for (int i = 0; i < WINDOW; i++) {
        double value = stream.getAsDouble();
        joint.add(0, bins.get(0).of(value));
        joint.add(1, bins.get(1).of(together(value, other.getAsDouble())));
      }
      found += joint.close(ALLOWED, 1, 0) == null ? 0 : 1;
    }

    write(kind, DriftMethod.MAHALANOBIS, found);
    assertThat(found).isLessThanOrEqualTo(MOST);
  }

  /** For the documentation. */
  private static void write(FalseFindingsTest.Kind kind, DriftMethod method, int found)
      throws IOException {
    Files.writeString(
        Path.of("target", "false-windows-" + kind + "-" + method + ".txt"),
        String.format(Locale.ROOT, "%d of %d%n", found, WINDOWS));
  }

  private static double together(double one, double other) {
    return 0.8 * one + 0.6 * other;
  }
}
