package io.innerspan.extension;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Versions baked in at build time: the agent's class loader tells no package version. */
record Version(String product, String agent) {
  static Version ofThisBuild() {
    Properties properties = new Properties();
    try (InputStream file = Version.class.getResourceAsStream("version.properties")) {
      if (file == null) {
        throw new IllegalStateException("version.properties is not in the jar");
      }
      properties.load(file);
    } catch (IOException e) {
      throw new IllegalStateException("version.properties cannot be read", e);
    }
    return new Version(required(properties, "product"), required(properties, "agent"));
  }

  private static String required(Properties properties, String key) {
    String value = properties.getProperty(key);
    if (value == null || value.isBlank() || value.startsWith("$")) {
      throw new IllegalStateException("version.properties: expected " + key + ", found " + value);
    }
    return value;
  }
}
