package io.innerspan.extension;

import io.innerspan.recorder.HealthCounters;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.OneLine;
import io.innerspan.signals.pack.MonitorsException;
import io.innerspan.signals.pack.MonitorsFile;
import io.innerspan.signals.pack.ProbePack;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Lays the local file of monitors over the packs' own. What is wrong is said in one line and
 * counted; then the packs keep what they came with.
 */
final class MonitorOverrides {
  private static final Logger LOGGER = Logger.getLogger(MonitorOverrides.class.getName());

  static List<ProbePack> over(List<ProbePack> packs, Settings settings, HealthCounters health) {
    String path = settings.monitorsFile();
    if (path == null) {
      return packs;
    }
    try {
      return over(packs, MonitorsFile.read(Path.of(path)), path, health);
    } catch (MonitorsException e) {
      refuse(e, health);
    } catch (InvalidPathException e) {
      health.monitorRefused(RefusalReason.INVALID_MONITOR);
      LOGGER.warning(
          OneLine.of(
              "Innerspan: "
                  + Setting.MONITORS_FILE.systemProperty()
                  + ": expected a path, found "
                  + path));
    } catch (Throwable e) {
      health.fault(FaultPlace.STARTUP.value(), e);
    }
    return packs;
  }

  private static List<ProbePack> over(
      List<ProbePack> packs, MonitorsFile file, String path, HealthCounters health) {
    List<ProbePack> changed = new ArrayList<>();
    for (ProbePack pack : packs) {
      try {
        changed.add(file.over(pack));
      } catch (MonitorsException e) {
        refuse(e, health);
        changed.add(pack);
      }
    }
    Set<String> unknown = new TreeSet<>(file.packs());
    unknown.removeAll(packs.stream().map(ProbePack::name).collect(Collectors.toSet()));
    if (!unknown.isEmpty()) {
      health.monitorRefused(RefusalReason.INVALID_MONITOR);
      LOGGER.warning(
          OneLine.of(
              "Innerspan: monitors "
                  + path
                  + ": packs: expected names of packs that are read, found "
                  + unknown));
    }
    return changed;
  }

  private static void refuse(MonitorsException refusal, HealthCounters health) {
    health.monitorRefused(reason(refusal.kind()));
    LOGGER.warning("Innerspan: refused: " + refusal.getMessage());
  }

  private static RefusalReason reason(MonitorsException.Kind kind) {
    return switch (kind) {
      case INVALID -> RefusalReason.INVALID_MONITOR;
      case UNKNOWN_SIGNAL -> RefusalReason.UNKNOWN_SIGNAL;
      case OTHER_MODEL -> RefusalReason.OTHER_MODEL;
    };
  }

  private MonitorOverrides() {}
}
