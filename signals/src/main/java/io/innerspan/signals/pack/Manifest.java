package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code probe.json} as JSON, and the files that it lists. {@link ManifestReader} reads the rest,
 * when the files are proven.
 *
 * @param root the whole document
 * @param tidy what to do about fields that nobody read
 * @param files every file beside the manifest that may be read
 */
record Manifest(Fields root, Tidy tidy, Map<String, FileDigest> files) {
  private static final Pattern SCHEMA_VERSION =
      Pattern.compile("(0|[1-9][0-9]{0,4})\\.([0-9]{1,5})");
  private static final String MAJOR = "1";
  private static final String MINOR = "0";

  /** A file's size in bytes and SHA-256. */
  record FileDigest(String sha256, long size) {}

  /** The manifest is of a newer major version. */
  static final class NewerSchemaException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient InvalidValueException fault;

    NewerSchemaException(InvalidValueException fault) {
      super(fault);
      this.fault = fault;
    }

    InvalidValueException fault() {
      return fault;
    }
  }

  static Manifest parse(ByteBuffer json) throws NewerSchemaException {
    Fields root = Fields.of("", Json.parse(json));
    Tidy tidy = tidiness(root);
    return new Manifest(root, tidy, files(root, tidy));
  }

  /**
   * A newer minor version may have fields that this reader does not know; a newer major is refused.
   */
  private static Tidy tidiness(Fields root) throws NewerSchemaException {
    String version = root.text("schema_version");
    Matcher parts = SCHEMA_VERSION.matcher(version);
    if (!parts.matches() || !parts.group(1).equals(MAJOR)) {
      InvalidValueException fault =
          new InvalidValueException("schema_version", MAJOR + ".x", "'" + version + "'");
      if (parts.matches() && Integer.parseInt(parts.group(1)) > Integer.parseInt(MAJOR)) {
        throw new NewerSchemaException(fault);
      }
      throw fault;
    }
    return parts.group(2).equals(MINOR) ? Fields::refuseUnread : fields -> {};
  }

  private static Map<String, FileDigest> files(Fields root, Tidy tidy) {
    Map<String, FileDigest> files = new LinkedHashMap<>();
    root.map("files")
        .forEach(
            (name, fields) -> {
              ManifestReader.fileName("files", name);
              String sha256 =
                  Formats.check(fields.at("sha256"), Formats.SHA256, fields.text("sha256"));
              long size = fields.integer("size");
              if (size < 0) {
                throw new InvalidValueException(fields.at("size"), "at least 0", size);
              }
              tidy.check(fields);
              files.put(name, new FileDigest(sha256, size));
            });
    return files;
  }
}
