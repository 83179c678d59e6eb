package io.innerspan.onnxruntime.graft;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.innerspan.testing.mutation.ByteMutator;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Damages a pack: values and members of its JSON, headers and bytes of its tensors. */
final class PackMutator {
  private static final String MANIFEST = "probe.json";
  private static final List<JsonElement> VALUES =
      List.of(
          JsonNull.INSTANCE,
          new JsonPrimitive(true),
          new JsonPrimitive(0),
          new JsonPrimitive(-1),
          new JsonPrimitive(1),
          new JsonPrimitive(0.5),
          new JsonPrimitive(65),
          new JsonPrimitive(1 << 30),
          new JsonPrimitive(Long.MAX_VALUE),
          new JsonPrimitive(BigInteger.TEN.pow(400)),
          new JsonPrimitive(1e308),
          new JsonPrimitive(""),
          new JsonPrimitive("\ud800\n\u0000"),
          new JsonPrimitive("../probe.json"),
          new JsonPrimitive("blocks.0.hook_resid_pre"),
          new JsonPrimitive("last"),
          new JsonPrimitive("x".repeat(10_000)),
          new JsonArray(),
          new JsonObject());

  private final Random random;

  PackMutator(Random random) {
    this.random = random;
  }

  /**
   * The pack with damage.
   *
   * @param good contents by file name
   */
  Map<String, byte[]> mutate(Map<String, byte[]> good) {
    Map<String, byte[]> files = new TreeMap<>(good);
    List<String> names = new ArrayList<>(files.keySet());
    for (int changes = 1 + random.nextInt(3) / 2; changes > 0; changes--) {
      String name = random.nextBoolean() ? MANIFEST : names.get(random.nextInt(names.size()));
      byte[] old = files.getOrDefault(name, new byte[0]);
      byte[] bytes = name.equals(MANIFEST) ? manifest(old) : tensors(old);
      files.put(name, bytes);
      if (!name.equals(MANIFEST) && random.nextInt(4) != 0) {
        files.computeIfPresent(MANIFEST, (any, manifest) -> vouch(manifest, old, bytes));
      }
    }
    if (random.nextInt(40) == 0) {
      files.remove(names.get(random.nextInt(names.size())));
    }
    return files;
  }

  private byte[] manifest(byte[] json) {
    return random.nextInt(4) == 0 ? new ByteMutator(random).mutate(json.clone()) : json(json);
  }

  private byte[] tensors(byte[] file) {
    if (file.length < 8 || random.nextBoolean()) {
      return new ByteMutator(random).mutate(file.clone());
    }
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > file.length - 8) {
      return file;
    }
    byte[] header = new byte[length];
    System.arraycopy(file, 8, header, 0, length);
    byte[] changed = json(header);
    long said = random.nextInt(8) == 0 ? random.nextLong() : changed.length;
    return ByteBuffer.allocate(8 + changed.length + file.length - 8 - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(said)
        .put(changed)
        .put(file, 8 + length, file.length - 8 - length)
        .array();
  }

  private byte[] json(byte[] text) {
    JsonElement root;
    try {
      root = JsonParser.parseString(new String(text, StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      return text; // Damaged before, beyond JSON.
    }
    damage(root);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Walks down at random and changes a member or element where it stops. */
  private void damage(JsonElement element) {
    if (element instanceof JsonObject object && !object.isEmpty()) {
      List<String> keys = new ArrayList<>(object.keySet());
      String key = keys.get(random.nextInt(keys.size()));
      JsonElement value = object.get(key);
      if (!value.isJsonPrimitive() && !value.isJsonNull() && random.nextInt(6) != 0) {
        damage(value);
        return;
      }
      switch (random.nextInt(5)) {
        case 0 -> object.remove(key);
        case 1 -> object.add(key + "_", value);
        case 2 -> object.add(keys.get(random.nextInt(keys.size())), value.deepCopy());
        default -> object.add(key, other(value));
      }
    } else if (element instanceof JsonArray array && !array.isEmpty()) {
      int at = random.nextInt(array.size());
      JsonElement value = array.get(at);
      if (!value.isJsonPrimitive() && !value.isJsonNull() && random.nextInt(6) != 0) {
        damage(value);
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> array.remove(at);
        case 1 -> array.add(value.deepCopy());
        default -> array.set(at, other(value));
      }
    }
  }

  /** A number near by or a shorter text half of the time, else anything. */
  private JsonElement other(JsonElement value) {
    if (value instanceof JsonPrimitive primitive && random.nextBoolean()) {
      if (primitive.isNumber()) {
        return new JsonPrimitive(value.getAsLong() + random.nextInt(5) - 2);
      }
      String text = value.getAsString();
      return new JsonPrimitive(text.substring(random.nextInt(text.length() + 1)));
    }
    return VALUES.get(random.nextInt(VALUES.size())).deepCopy();
  }

  /** Makes size and digest of a file right again, so that more than the check of them is met. */
  private static byte[] vouch(byte[] manifest, byte[] old, byte[] bytes) {
    return new String(manifest, StandardCharsets.UTF_8)
        .replace(sha256(old), sha256(bytes))
        .replaceAll("(\"size\":\\s*)" + old.length + "\\b", "$1" + bytes.length)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
