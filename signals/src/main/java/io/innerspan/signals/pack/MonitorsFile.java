package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.monitor.InvalidMonitorException;
import io.innerspan.signals.monitor.Monitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.SignalBaseline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A local file with monitors over those of packs: JSON with {@code schema_version}, and in {@code
 * packs} by a pack's name its {@code monitors} and {@code baselines}, as in a manifest, and in
 * {@code disabled} the ids of the pack's monitors, or of those that need no declaration, to leave
 * out. A monitor or baseline with an id of the pack's takes its place. Immutable.
 */
public final class MonitorsFile {
  private static final long MAX_BYTES = 64L << 20;
  private static final String VERSION = "1.0";

  private final String file;
  private final Map<String, Change> changes;

  private record Change(
      List<Monitor> monitors, List<SignalBaseline> baselines, List<String> disabled) {}

  private MonitorsFile(String file, Map<String, Change> changes) {
    this.file = file;
    this.changes = changes;
  }

  /**
   * Reads a file.
   *
   * @throws MonitorsException if it cannot be read or is not right
   */
  public static MonitorsFile read(Path path) throws MonitorsException {
    try {
      return read(path.toString(), bytes(path));
    } catch (InvalidValueException fault) {
      throw new MonitorsException(MonitorsException.Kind.INVALID, path.toString(), fault);
    }
  }

  private static MonitorsFile read(String name, ByteBuffer bytes) {
    Fields root = Fields.of("", Json.parse(bytes));
    String version = root.text("schema_version");
    if (!version.equals(VERSION)) {
      throw new InvalidValueException("schema_version", VERSION, "'" + version + "'");
    }
    Tidy tidy = Fields::refuseUnread;
    Map<String, Change> changes = new LinkedHashMap<>();
    for (Map.Entry<String, Fields> entry : root.map("packs").entrySet()) {
      Fields fields = entry.getValue();
      List<String> disabled = fields.has("disabled") ? fields.texts("disabled") : List.of();
      changes.put(
          entry.getKey(),
          new Change(
              MonitorsFormat.monitors(fields, tidy),
              MonitorsFormat.baselines(fields, tidy),
              disabled));
      tidy.check(fields);
    }
    tidy.check(root);
    return new MonitorsFile(name, changes);
  }

  private static ByteBuffer bytes(Path path) {
    String found;
    try {
      long size = Files.size(path);
      if (size <= MAX_BYTES && Files.isRegularFile(path)) {
        return ByteBuffer.wrap(Files.readAllBytes(path));
      }
      found = Files.isRegularFile(path) ? size + " bytes" : "no file";
    } catch (NoSuchFileException e) {
      found = "nothing";
    } catch (AccessDeniedException e) {
      found = "no permission";
    } catch (IOException e) {
      found = e.toString();
    }
    throw new InvalidValueException(
        "file", "a file of at most " + MAX_BYTES + " bytes that can be read", found);
  }

  /** The names of the packs that it speaks of. */
  public List<String> packs() {
    return List.copyOf(changes.keySet());
  }

  /**
   * A pack with its monitors as this file wants them; the pack itself if the file does not speak of
   * it.
   *
   * @throws MonitorsException if they do not fit the pack
   */
  public ProbePack over(ProbePack pack) throws MonitorsException {
    Change change = changes.get(pack.name());
    if (change == null) {
      return pack;
    }
    try {
      Monitors all = pack.monitors().with(change.monitors(), change.baselines(), change.disabled());
      all.check(pack.signals(), pack.model().sha256());
      return pack.withMonitors(all);
    } catch (InvalidMonitorException fault) {
      throw new MonitorsException(
          fault.kind() == InvalidMonitorException.Kind.OTHER_MODEL
              ? MonitorsException.Kind.OTHER_MODEL
              : MonitorsException.Kind.UNKNOWN_SIGNAL,
          file,
          fault.fault().under("packs." + pack.name()));
    } catch (InvalidValueException fault) {
      throw new MonitorsException(
          MonitorsException.Kind.INVALID, file, fault.under("packs." + pack.name()));
    }
  }
}
