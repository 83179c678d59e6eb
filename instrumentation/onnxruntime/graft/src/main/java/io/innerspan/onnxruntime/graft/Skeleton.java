package io.innerspan.onnxruntime.graft;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A model whose large weights are where they were: in the file of the model itself, to which the
 * skeleton refers as external data. It is as small as the graph, and an engine that opens it from
 * the same folder maps the weights instead of copying them, so that nobody may ever change or
 * shorten that file.
 */
public final class Skeleton {
  /** Smaller weights are copied. */
  private static final int LARGE = 1024;

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;
  private static final int EXTERNAL = 1;

  private final WireReader in;
  private final ByteBuffer model;
  private final String location;

  private Skeleton(ByteBuffer model, String location) {
    this.in = new WireReader(model);
    this.model = model;
    this.location = location;
  }

  /**
   * Makes the skeleton of a model file, to lie in the same folder.
   *
   * @throws IOException when the file cannot be read
   * @throws ModelRefusedException when it is not of the Protocol Buffers format
   */
  public static byte[] of(Path file) throws IOException, ModelRefusedException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer model = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return of(model, String.valueOf(file.getFileName()));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": expected less than 2 GiB", e);
    }
  }

  /**
   * Makes the skeleton of a model whose weights lie in its own file.
   *
   * @param model the whole file, between the buffer's position and limit
   * @param location the file's name, as it is found from the skeleton's folder
   * @return a serialised ModelProto
   * @throws ModelRefusedException when the bytes are not of the Protocol Buffers format
   */
  static byte[] of(ByteBuffer model, String location) throws ModelRefusedException {
    return new Skeleton(model.slice(), location).model();
  }

  private byte[] model() throws ModelRefusedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!in.atEnd()) {
      int begin = in.position();
      int tag = in.tag();
      if (tag == delimited(MODEL_GRAPH)) {
        int outer = in.enter(in.length());
        write(out, MODEL_GRAPH, graph());
        in.leave(outer);
      } else {
        copy(out, begin, tag);
      }
    }
    return out.toByteArray();
  }

  private byte[] graph() throws ModelRefusedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!in.atEnd()) {
      int begin = in.position();
      int tag = in.tag();
      if (tag == delimited(GRAPH_INITIALIZER)) {
        int outer = in.enter(in.length());
        write(out, GRAPH_INITIALIZER, tensor());
        in.leave(outer);
      } else {
        copy(out, begin, tag);
      }
    }
    return out.toByteArray();
  }

  private byte[] tensor() throws ModelRefusedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!in.atEnd()) {
      int begin = in.position();
      int tag = in.tag();
      if (tag != delimited(TENSOR_RAW_DATA)) {
        copy(out, begin, tag);
        continue;
      }
      int length = in.length();
      int offset = in.position();
      in.skip(length);
      if (length < LARGE) {
        copy(out, begin);
      } else {
        entry(out, "location", location);
        entry(out, "offset", Integer.toString(offset));
        entry(out, "length", Integer.toString(length));
        writeVarint(out, TENSOR_DATA_LOCATION << 3 | WireReader.VARINT);
        writeVarint(out, EXTERNAL);
      }
    }
    return out.toByteArray();
  }

  /** Copies a field whose tag was read. */
  private void copy(ByteArrayOutputStream out, int begin, int tag) throws ModelRefusedException {
    switch (tag & 7) {
      case WireReader.VARINT -> in.varint();
      case WireReader.LENGTH_DELIMITED -> in.skip(in.length());
      case WireReader.FIXED64 -> in.skip(8);
      default -> in.skip(4);
    }
    copy(out, begin);
  }

  /** Copies what was read since. */
  private void copy(ByteArrayOutputStream out, int begin) {
    byte[] bytes = new byte[in.position() - begin];
    model.get(begin, bytes);
    out.writeBytes(bytes);
  }

  private static void entry(ByteArrayOutputStream out, String key, String value) {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    write(entry, 1, key.getBytes(StandardCharsets.UTF_8));
    write(entry, 2, value.getBytes(StandardCharsets.UTF_8));
    write(out, TENSOR_EXTERNAL_DATA, entry.toByteArray());
  }

  private static int delimited(int field) {
    return field << 3 | WireReader.LENGTH_DELIMITED;
  }

  private static void write(ByteArrayOutputStream out, int field, byte[] content) {
    writeVarint(out, delimited(field));
    writeVarint(out, content.length);
    out.writeBytes(content);
  }

  private static void writeVarint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
