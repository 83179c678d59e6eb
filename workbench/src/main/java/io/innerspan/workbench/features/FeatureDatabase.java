package io.innerspan.workbench.features;

import io.innerspan.workbench.data.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary in one SQLite file: versions with their features, labels by the features' ids, and
 * an index of words (FTS5) over labels and examples. One transaction for each change.
 */
public final class FeatureDatabase implements AutoCloseable {
  private final Sql sql;
  private final FeatureRows rows;
  private final FeatureSearch search;
  private final FeatureWriter writer;

  private FeatureDatabase(Sql sql) {
    this.sql = sql;
    rows = new FeatureRows(sql);
    search = new FeatureSearch(sql, rows);
    writer = new FeatureWriter(sql, search);
  }

  /** Opens a dictionary for changes; an absent file is made. */
  public static FeatureDatabase openOrCreate(Path file) {
    return open(file, !Files.exists(file));
  }

  /**
   * Opens a dictionary.
   *
   * @throws BadInput when there is none
   */
  public static FeatureDatabase open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw BadInput.in(file, "a dictionary that 'features build' wrote", "nothing");
    }
    return open(file, false);
  }

  private static FeatureDatabase open(Path file, boolean create) {
    Sql sql = null;
    try {
      sql = Sql.open(file);
      if (create) {
        FeatureSchema.create(sql);
      } else {
        FeatureSchema.check(sql);
      }
      sql.execute("PRAGMA foreign_keys = ON");
      sql.autoCommit(false);
      return new FeatureDatabase(sql);
    } catch (SQLException | BadInput e) {
      if (sql != null) {
        sql.close();
      }
      throw e instanceof BadInput bad
          ? bad
          : BadInput.in(file, "an SQLite file", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Adds a version, or replaces the one of its name.
   *
   * @param decoder {@code [features, width]}
   */
  public void put(VersionInfo version, List<Feature> features, float[] decoder) {
    sql.work(
        () -> {
          writer.put(version, features, decoder);
          return 0;
        });
  }

  /** All versions, by name. */
  public List<VersionInfo> versions() {
    return sql.work(rows::versions);
  }

  /**
   * The version that is meant.
   *
   * @param name or null for the only one
   * @throws BadInput when there is none of that name, or several without a name
   */
  public VersionInfo version(@Nullable String name) {
    List<VersionInfo> all = versions();
    List<VersionInfo> found =
        all.stream().filter(each -> name == null || name.equals(each.name())).toList();
    if (found.size() != 1) {
      throw BadInput.in(
          sql.file(),
          name == null ? "--version-name, one of several" : "the version '" + name + "'",
          "the versions " + all.stream().map(VersionInfo::name).toList());
    }
    return found.get(0);
  }

  /** Features that have all words in their labels or examples, the best match first. */
  public List<Hit> search(String version, String words, int limit) {
    String match = FeatureSearch.match(words);
    return sql.work(() -> search.find(version, match, limit));
  }

  /**
   * One feature.
   *
   * @param which its index, or the beginning of its id
   */
  public Feature feature(String version, String which) {
    List<Feature> found = sql.work(() -> rows.features(version, which));
    if (found.stream().map(Feature::id).distinct().count() != 1) {
      throw BadInput.in(
          sql.file(),
          "one feature '" + which + "' in version '" + version + "'",
          "" + found.size());
    }
    return found.get(0);
  }

  /** All features of a version, in order. */
  public List<Feature> features(String version) {
    return sql.work(() -> rows.features(version));
  }

  /** The ids of a version's features, by index. */
  public List<String> ids(String version) {
    return sql.work(() -> rows.ids(version));
  }

  /** The decoder of a version, {@code [features, width]}. */
  public float[] decoder(VersionInfo version) {
    return sql.work(() -> rows.decoder(version));
  }

  /** A feature's labels. */
  public List<Label> labelsOf(String id) {
    return sql.work(() -> rows.labels(id));
  }

  /**
   * Adds labels by the features' ids; one that is there already stays once.
   *
   * @return how many are new
   */
  public int addLabels(Map<String, List<Label>> labels) {
    return sql.work(() -> writer.addLabels(labels));
  }

  @Override
  public void close() {
    sql.close();
  }
}
