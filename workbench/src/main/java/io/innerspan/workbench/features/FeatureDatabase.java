package io.innerspan.workbench.features;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import io.innerspan.workbench.data.BadInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A dictionary in one SQLite file: versions with their features, labels by the features' ids, and
 * an index of words (FTS5) over labels and examples. One transaction for each change.
 */
public final class FeatureDatabase implements AutoCloseable {
  /** SQLite's application_id of such files: "ISFD". */
  private static final int APPLICATION = 0x49534644;

  private static final int SCHEMA = 1;
  private static final int SEARCHED_EXAMPLES = 10;
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
  private static final Gson GSON = new Gson();

  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE version (name TEXT PRIMARY KEY, pack TEXT NOT NULL, model_name TEXT NOT NULL,"
              + " model TEXT NOT NULL, hook_point TEXT NOT NULL, data TEXT NOT NULL, tokens INTEGER"
              + " NOT NULL, features INTEGER NOT NULL, width INTEGER NOT NULL, neuronpedia TEXT)",
          "CREATE TABLE feature (version TEXT NOT NULL REFERENCES version ON DELETE CASCADE, idx"
              + " INTEGER NOT NULL, id TEXT NOT NULL, active INTEGER NOT NULL, density REAL NOT NULL,"
              + " mean REAL NOT NULL, max REAL NOT NULL, cluster INTEGER NOT NULL, histogram TEXT NOT"
              + " NULL, nearest TEXT NOT NULL, together TEXT NOT NULL, decoder BLOB NOT NULL, PRIMARY"
              + " KEY (version, idx)) WITHOUT ROWID",
          "CREATE INDEX feature_id ON feature (id)",
          "CREATE TABLE example (version TEXT NOT NULL, idx INTEGER NOT NULL, rank INTEGER NOT NULL,"
              + " activation REAL NOT NULL, text TEXT NOT NULL, peak TEXT NOT NULL, tokens TEXT NOT"
              + " NULL, PRIMARY KEY (version, idx, rank), FOREIGN KEY (version, idx) REFERENCES"
              + " feature ON DELETE CASCADE) WITHOUT ROWID",
          "CREATE TABLE label (feature TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, type"
              + " TEXT NOT NULL, PRIMARY KEY (feature, author, type, text)) WITHOUT ROWID",
          "CREATE VIRTUAL TABLE words USING fts5(version UNINDEXED, idx UNINDEXED, labels, peaks,"
              + " texts, tokenize = 'unicode61')");

  private final Path file;
  private final Connection connection;

  private FeatureDatabase(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
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
    Connection connection = null;
    try {
      connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
      FeatureDatabase database = new FeatureDatabase(file, connection);
      if (create) {
        database.create();
      } else {
        database.check();
      }
      database.execute("PRAGMA foreign_keys = ON");
      connection.setAutoCommit(false);
      return database;
    } catch (SQLException | BadInput e) {
      close(connection);
      throw e instanceof BadInput bad
          ? bad
          : BadInput.in(file, "an SQLite file", String.valueOf(e.getMessage()));
    }
  }

  private static void close(@Nullable Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // What failed before is what is told.
    }
  }

  private void create() throws SQLException {
    execute("PRAGMA application_id = " + APPLICATION);
    execute("PRAGMA user_version = " + SCHEMA);
    connection.setAutoCommit(false);
    for (String table : TABLES) {
      execute(table);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private void check() throws SQLException {
    if (number("PRAGMA application_id") != APPLICATION) {
      throw BadInput.in(file, "a dictionary that 'features build' wrote", "another SQLite file");
    }
    int schema = number("PRAGMA user_version");
    if (schema != SCHEMA) {
      throw BadInput.in(file, "a dictionary of schema " + SCHEMA, "schema " + schema);
    }
  }

  private int number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Work on the database whose faults are told as such. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws SQLException;
  }

  private <T> T work(Work<T> work) {
    try {
      T result = work.run();
      connection.commit();
      return result;
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw BadInput.in(file, "to read or write it", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Adds a version, or replaces the one of its name.
   *
   * @param decoder {@code [features, width]}
   */
  public void put(VersionInfo version, List<Feature> features, float[] decoder) {
    work(
        () -> {
          update("DELETE FROM words WHERE version = ?", version.name());
          update("DELETE FROM version WHERE name = ?", version.name());
          update(
              "INSERT INTO version VALUES (?,?,?,?,?,?,?,?,?,?)",
              version.name(),
              version.packDigest(),
              version.modelName(),
              version.modelSha256(),
              version.hookPoint(),
              version.dataSha256(),
              version.tokens(),
              version.features(),
              version.width(),
              version.neuronpedia());
          for (Feature feature : features) {
            put(version, feature, decoder);
          }
          return 0;
        });
  }

  private void put(VersionInfo version, Feature feature, float[] decoder) throws SQLException {
    ByteBuffer row =
        ByteBuffer.allocate(version.width() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    row.asFloatBuffer().put(decoder, feature.index() * version.width(), version.width());
    update(
        "INSERT INTO feature VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        version.name(),
        feature.index(),
        feature.id(),
        feature.active(),
        feature.density(),
        feature.mean(),
        feature.max(),
        feature.cluster(),
        GSON.toJson(feature.histogram()),
        GSON.toJson(feature.nearest()),
        GSON.toJson(feature.together()),
        row.array());
    for (int rank = 0; rank < feature.examples().size(); rank++) {
      Example example = feature.examples().get(rank);
      update(
          "INSERT INTO example VALUES (?,?,?,?,?,?,?)",
          version.name(),
          feature.index(),
          rank,
          example.activation(),
          example.text(),
          example.peak(),
          GSON.toJson(example.tokens()));
    }
    index(version.name(), feature.index(), feature.id(), feature.examples());
  }

  private void index(String version, int index, String id, List<Example> examples)
      throws SQLException {
    List<String> peaks = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (Example example : examples.subList(0, Math.min(SEARCHED_EXAMPLES, examples.size()))) {
      peaks.add(example.peak());
      texts.add(example.text());
    }
    List<String> labels = new ArrayList<>();
    for (Label label : labels(id)) {
      labels.add(label.text());
    }
    update("DELETE FROM words WHERE version = ? AND idx = ?", version, index);
    update(
        "INSERT INTO words VALUES (?,?,?,?,?)",
        version,
        index,
        String.join("\n", labels),
        String.join("\n", peaks),
        String.join("\n", texts));
  }

  private int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** Reads one row of an answer. */
  @FunctionalInterface
  private interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> query(String sql, Row<T> row, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    }
  }

  /** All versions, by name. */
  public List<VersionInfo> versions() {
    return work(
        () ->
            query(
                "SELECT * FROM version ORDER BY name",
                row ->
                    new VersionInfo(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getInt(7),
                        row.getInt(8),
                        row.getInt(9),
                        row.getString(10))));
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
          file,
          name == null ? "--version-name, one of several" : "the version '" + name + "'",
          "the versions " + all.stream().map(VersionInfo::name).toList());
    }
    return found.get(0);
  }

  /** Features that have all words in their labels or examples, the best match first. */
  public List<Hit> search(String version, String words, int limit) {
    String match = match(words);
    return work(
        () ->
            query(
                "SELECT words.idx, feature.id, (SELECT text FROM label WHERE label.feature ="
                    + " feature.id ORDER BY author, type, text LIMIT 1), snippet(words, -1, '⟦', '⟧',"
                    + " '…', 16) FROM words JOIN feature ON feature.version = words.version AND"
                    + " feature.idx = words.idx WHERE words MATCH ? AND words.version = ? ORDER BY"
                    + " bm25(words, 0, 0, 10, 4, 1), words.idx LIMIT ?",
                row -> new Hit(row.getInt(1), row.getString(2), row.getString(3), row.getString(4)),
                match,
                version,
                limit));
  }

  /** Words as they are, none of them an operator; a last * asks for what begins so. */
  private static String match(String words) {
    List<String> quoted = new ArrayList<>();
    for (String word : WHITE_SPACE.split(words.trim())) {
      boolean prefix = word.endsWith("*");
      String plain = word.replace("\"", "\"\"").replaceAll("\\*+$", "");
      if (plain.codePoints().anyMatch(Character::isLetterOrDigit)) {
        quoted.add("\"" + plain + "\"" + (prefix ? "*" : ""));
      }
    }
    if (quoted.isEmpty()) {
      throw new BadInput("the search: expected a word, found '" + words + "'");
    }
    return String.join(" ", quoted);
  }

  /**
   * One feature.
   *
   * @param which its index, or the beginning of its id
   */
  public Feature feature(String version, String which) {
    boolean byIndex = which.matches("[0-9]{1,9}");
    String sql =
        "SELECT * FROM feature WHERE version = ? AND "
            + (byIndex ? "idx = ?" : "substr(id, 1, length(?2)) = ?2")
            + " ORDER BY idx";
    return work(
        () -> {
          List<Feature> found =
              query(sql, this::feature, version, byIndex ? Integer.valueOf(which) : which);
          boolean one = !found.isEmpty();
          for (Feature each : found) {
            one &= each.id().equals(found.get(0).id());
          }
          if (!one) {
            throw BadInput.in(
                file,
                "one feature '" + which + "' in version '" + version + "'",
                "" + found.size());
          }
          return found.get(0);
        });
  }

  /** All features of a version, in order. */
  public List<Feature> features(String version) {
    return work(
        () ->
            query("SELECT * FROM feature WHERE version = ? ORDER BY idx", this::feature, version));
  }

  private Feature feature(ResultSet row) throws SQLException {
    TypeToken<Map<Integer, Long>> histogram = new TypeToken<>() {};
    TypeToken<List<Neighbour>> neighbours = new TypeToken<>() {};
    String version = row.getString("version");
    int index = row.getInt("idx");
    return new Feature(
        index,
        row.getString("id"),
        row.getLong("active"),
        row.getDouble("density"),
        row.getDouble("mean"),
        row.getDouble("max"),
        GSON.fromJson(row.getString("histogram"), histogram),
        row.getInt("cluster"),
        examples(version, index),
        GSON.fromJson(row.getString("nearest"), neighbours),
        GSON.fromJson(row.getString("together"), neighbours));
  }

  private List<Example> examples(String version, int index) throws SQLException {
    TypeToken<List<Example.ActiveToken>> tokens = new TypeToken<>() {};
    return query(
        "SELECT activation, text, peak, tokens FROM example WHERE version = ? AND idx = ? ORDER BY"
            + " rank",
        row ->
            new Example(
                row.getDouble(1),
                row.getString(2),
                row.getString(3),
                GSON.fromJson(row.getString(4), tokens)),
        version,
        index);
  }

  /** The ids of a version's features, by index. */
  public List<String> ids(String version) {
    return work(
        () ->
            query(
                "SELECT id FROM feature WHERE version = ? ORDER BY idx",
                row -> row.getString(1),
                version));
  }

  /** The decoder of a version, {@code [features, width]}. */
  public float[] decoder(VersionInfo version) {
    return work(
        () -> {
          float[] decoder = new float[version.features() * version.width()];
          query(
              "SELECT idx, decoder FROM feature WHERE version = ?",
              row -> {
                ByteBuffer.wrap(row.getBytes(2))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(decoder, row.getInt(1) * version.width(), version.width());
                return 0;
              },
              version.name());
          return decoder;
        });
  }

  /** A feature's labels. */
  public List<Label> labelsOf(String id) {
    return work(() -> labels(id));
  }

  private List<Label> labels(String id) throws SQLException {
    return query(
        "SELECT text, author, type FROM label WHERE feature = ? ORDER BY author, type, text",
        row -> new Label(row.getString(1), orNull(row.getString(2)), orNull(row.getString(3))),
        id);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /**
   * Adds labels by the features' ids; one that is there already stays once.
   *
   * @return how many are new
   */
  public int addLabels(Map<String, List<Label>> labels) {
    return work(
        () -> {
          int added = 0;
          for (Map.Entry<String, List<Label>> entry : new TreeMap<>(labels).entrySet()) {
            for (Label label : entry.getValue()) {
              added +=
                  update(
                      "INSERT OR IGNORE INTO label VALUES (?,?,?,?)",
                      entry.getKey(),
                      label.text(),
                      label.author() == null ? "" : label.author(),
                      label.type() == null ? "" : label.type());
            }
            reindex(entry.getKey());
          }
          return added;
        });
  }

  private void reindex(String id) throws SQLException {
    record Place(String version, int index) {}
    List<Place> places =
        query(
            "SELECT version, idx FROM feature WHERE id = ?",
            row -> new Place(row.getString(1), row.getInt(2)),
            id);
    for (Place place : places) {
      index(place.version(), place.index(), id, examples(place.version(), place.index()));
    }
  }

  @Override
  public void close() {
    close(connection);
  }
}
