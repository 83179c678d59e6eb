package io.innerspan.workbench;

import io.innerspan.workbench.data.BadInput;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a new pack is called. */
// The command line parser sets the fields.
@SuppressWarnings("NullAway.Init")
final class NameOptions {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final Pattern VERSION =
      Pattern.compile("\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The pack's name; by default made of the id.")
  private @Nullable String name;

  @Option(
      names = "--pack-version",
      paramLabel = "V",
      defaultValue = "1.0.0",
      description = "The pack's semantic version (default: ${DEFAULT-VALUE}).")
  private String packVersion;

  @Option(
      names = "--licence",
      paramLabel = "SPDX",
      defaultValue = "NOASSERTION",
      description = "The pack's licence (default: ${DEFAULT-VALUE}).")
  String licence;

  /** An id of a signal, if it is one. */
  static String id(String id) {
    return id("--id", id);
  }

  /** An id of a signal or a monitor, if it is one. */
  static String id(String option, String id) {
    return checked(option, ID, id);
  }

  /** The pack's name. */
  String name(String id) {
    return checked("--name", NAME, name == null ? id.replace('_', '-') : name);
  }

  /** The pack's version. */
  String version() {
    return version(packVersion);
  }

  /** A semantic version, if it is one. */
  static String version(String packVersion) {
    if (!VERSION.matcher(packVersion).matches()) {
      throw new BadInput(
          "--pack-version: expected a semantic version such as 1.0.0, found '" + packVersion + "'");
    }
    return packVersion;
  }

  private static String checked(String option, Pattern expected, String actual) {
    if (!expected.matcher(actual).matches()) {
      throw new BadInput(option + ": expected " + expected + ", found '" + actual + "'");
    }
    return actual;
  }
}
