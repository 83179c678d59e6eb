package io.innerspan.extension.delivery;

import java.nio.file.Path;

/**
 * What the user set about delivery.
 *
 * @param directory where telemetry waits that the receiver does not take
 * @param diskBytes what it may take there
 * @param memoryBytes what it may take in memory; findings may take a quarter of that besides
 */
public record DeliverySettings(Path directory, long diskBytes, long memoryBytes) {
  public DeliverySettings {
    if (diskBytes < 0 || memoryBytes < 0) {
      throw new IllegalArgumentException(
          "expected no negative limits, found " + diskBytes + " and " + memoryBytes);
    }
  }
}
