package io.innerspan.workbench.features;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a dictionary's tables, within a transaction of the caller's. */
final class FeatureRows {
  private static final Gson GSON = new Gson();

  private final Sql sql;

  FeatureRows(Sql sql) {
    this.sql = sql;
  }

  List<VersionInfo> versions() throws SQLException {
    return sql.query(
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
                row.getString(10)));
  }

  List<Feature> features(String version) throws SQLException {
    return sql.query(
        "SELECT * FROM feature WHERE version = ? ORDER BY idx", this::feature, version);
  }

  /** Those of an index, or of an id that begins so. */
  List<Feature> features(String version, String which) throws SQLException {
    boolean byIndex = which.matches("[0-9]{1,9}");
    return sql.query(
        "SELECT * FROM feature WHERE version = ? AND "
            + (byIndex ? "idx = ?" : "substr(id, 1, length(?2)) = ?2")
            + " ORDER BY idx",
        this::feature,
        version,
        byIndex ? Integer.valueOf(which) : which);
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

  List<Example> examples(String version, int index) throws SQLException {
    TypeToken<List<Example.ActiveToken>> tokens = new TypeToken<>() {};
    return sql.query(
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

  List<String> ids(String version) throws SQLException {
    return sql.query(
        "SELECT id FROM feature WHERE version = ? ORDER BY idx", row -> row.getString(1), version);
  }

  float[] decoder(VersionInfo version) throws SQLException {
    float[] decoder = new float[version.features() * version.width()];
    sql.query(
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
  }

  List<Label> labels(String id) throws SQLException {
    return sql.query(
        "SELECT text, author, type FROM label WHERE feature = ? ORDER BY author, type, text",
        row -> new Label(row.getString(1), orNull(row.getString(2)), orNull(row.getString(3))),
        id);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
