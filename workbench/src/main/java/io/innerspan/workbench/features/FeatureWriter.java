package io.innerspan.workbench.features;

import com.google.gson.Gson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a dictionary's tables, within a transaction of the caller's. */
final class FeatureWriter {
  private static final Gson GSON = new Gson();

  private final Sql sql;
  private final FeatureSearch search;

  FeatureWriter(Sql sql, FeatureSearch search) {
    this.sql = sql;
    this.search = search;
  }

  void put(VersionInfo version, List<Feature> features, float[] decoder) throws SQLException {
    search.forget(version.name());
    sql.update("DELETE FROM version WHERE name = ?", version.name());
    sql.update(
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
  }

  private void put(VersionInfo version, Feature feature, float[] decoder) throws SQLException {
    ByteBuffer row =
        ByteBuffer.allocate(version.width() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    row.asFloatBuffer().put(decoder, feature.index() * version.width(), version.width());
    sql.update(
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
      sql.update(
          "INSERT INTO example VALUES (?,?,?,?,?,?,?)",
          version.name(),
          feature.index(),
          rank,
          example.activation(),
          example.text(),
          example.peak(),
          GSON.toJson(example.tokens()));
    }
    search.index(version.name(), feature.index(), feature.id(), feature.examples());
  }

  int addLabels(Map<String, List<Label>> labels) throws SQLException {
    int added = 0;
    for (Map.Entry<String, List<Label>> entry : new TreeMap<>(labels).entrySet()) {
      for (Label label : entry.getValue()) {
        added +=
            sql.update(
                "INSERT OR IGNORE INTO label VALUES (?,?,?,?)",
                entry.getKey(),
                label.text(),
                label.author() == null ? "" : label.author(),
                label.type() == null ? "" : label.type());
      }
      search.reindex(entry.getKey());
    }
    return added;
  }
}
