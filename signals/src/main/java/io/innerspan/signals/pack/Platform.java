package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The machine that a certificate is about: an engine chooses its kernels by it.
 *
 * @param os {@code linux}, {@code macos}, {@code windows} or another system's name
 * @param architecture {@code amd64}, {@code aarch64} or another architecture's name
 * @param cpuFeatures the processor's vector and matrix instructions as Linux names them, in
 *     alphabetical order; empty where the system does not tell
 */
public record Platform(String os, String architecture, List<String> cpuFeatures) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final int MOST_FEATURES = 256;
  private static final Set<String> OTHERS = Set.of("fma", "f16c", "gfni", "i8mm", "bf16", "fphp");

  public Platform {
    Formats.check("platform.os", Formats.NAME, os);
    Formats.check("platform.architecture", Formats.NAME, architecture);
    cpuFeatures = List.copyOf(cpuFeatures);
    if (cpuFeatures.size() > MOST_FEATURES) {
      throw new InvalidValueException(
          "platform.cpu_features", "at most " + MOST_FEATURES, cpuFeatures.size());
    }
    cpuFeatures.forEach(feature -> Formats.check("platform.cpu_features", Formats.METRIC, feature));
  }

  /** The machine that this JVM runs on. */
  public static Platform current() {
    return new Platform(
        os(System.getProperty("os.name", "")),
        architecture(System.getProperty("os.arch", "")),
        features(cpuInfo()));
  }

  private static String os(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("windows")) {
      return "windows";
    }
    return lower.startsWith("mac") ? "macos" : identifier(lower);
  }

  private static String architecture(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "x86_64" -> "amd64";
      case "arm64" -> "aarch64";
      default -> identifier(lower);
    };
  }

  private static String identifier(String name) {
    String allowed = name.replaceAll("[^a-z0-9._-]", "_").replaceAll("^[._-]+", "");
    return allowed.isEmpty() ? "unknown" : allowed;
  }

  private static String cpuInfo() {
    try {
      return Files.readString(CPU_INFO, StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException e) {
      return ""; // Another system.
    }
  }

  /** What the first processor has; {@code flags} on x86, {@code Features} on ARM. */
  static List<String> features(String cpuInfo) {
    return cpuInfo
        .lines()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .findFirst()
        .map(line -> Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
        .orElse(List.of())
        .stream()
        .filter(Platform::isArithmetic)
        .sorted()
        .distinct()
        .collect(Collectors.toUnmodifiableList());
  }

  private static boolean isArithmetic(String feature) {
    return OTHERS.contains(feature)
        || feature.startsWith("avx")
        || feature.startsWith("amx")
        || feature.startsWith("sse4")
        || feature.startsWith("asimd")
        || feature.startsWith("sve")
        || (feature.startsWith("sme") && !feature.startsWith("smep"));
  }

  @Override
  public String toString() {
    return os + "/" + architecture + " " + cpuFeatures;
  }
}
