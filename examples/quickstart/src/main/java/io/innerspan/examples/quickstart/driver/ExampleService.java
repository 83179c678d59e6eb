package io.innerspan.examples.quickstart.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A service that the driver starts and asks. Paths are relative to the root of the source tree.
 *
 * @param example its name, with which messages begin
 * @param title what it is, for those who see its traces
 * @param serviceName its {@code service.name}
 * @param mainClass what its JVM runs
 * @param jar the service's jar, which names its libraries itself
 * @param packs the folder of its probe packs
 * @param path of its address that takes texts
 * @param files that it is given after its port
 * @param properties of its JVM
 * @param texts requests to try
 */
public record ExampleService(
    String example,
    String title,
    String serviceName,
    String mainClass,
    Path jar,
    Path packs,
    String path,
    List<Path> files,
    Map<String, String> properties,
    List<String> texts) {
  public ExampleService {
    files = List.copyOf(files);
    properties = Map.copyOf(properties);
    texts = List.copyOf(texts);
  }
}
