package io.innerspan.djl.archive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Pickles a tree of modules by protocol 2, in the form that libtorch's unpickler reads
 * (torch/csrc/jit/serialization/unpickler.cpp); the tensors' storages are kept aside.
 */
final class TreePickler {
  private static final int PROTO = 0x80;
  private static final int NEW_OBJECT = 0x81;
  private static final int TRUE = 0x88;
  private static final int FALSE = 0x89;
  private static final int LONG = 0x8a;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<byte[]> storages = new ArrayList<>();

  private TreePickler() {}

  static TreePickler of(ModuleObject root) {
    TreePickler pickler = new TreePickler();
    pickler.out.write(PROTO);
    pickler.out.write(2);
    pickler.value(root);
    pickler.out.write('.');
    return pickler;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  List<byte[]> storages() {
    return Collections.unmodifiableList(storages);
  }

  private void value(Object value) {
    if (value instanceof ModuleObject module) {
      object(module);
    } else if (value instanceof FloatTensor tensor) {
      tensor(tensor);
    } else if (value instanceof Boolean flag) {
      flag(flag);
    } else {
      number((Long) value);
    }
  }

  private void object(ModuleObject module) {
    int dot = module.qualifiedClass().lastIndexOf('.');
    global(module.qualifiedClass().substring(0, dot), module.qualifiedClass().substring(dot + 1));
    out.write(')');
    out.write(NEW_OBJECT);
    out.write('}');
    out.write('(');
    for (Map.Entry<String, Object> attribute : module.attributes().entrySet()) {
      text(attribute.getKey());
      value(attribute.getValue());
    }
    out.write('u');
    out.write('b');
  }

  private void tensor(FloatTensor tensor) {
    global("torch._utils", "_rebuild_tensor_v2");
    out.write('(');
    out.write('(');
    text("storage");
    global("torch", "FloatStorage");
    text(Integer.toString(storages.size()));
    storages.add(bytes(tensor.values()));
    text("cpu");
    number(tensor.values().length);
    out.write('t');
    out.write('Q');
    number(0);
    numbers(tensor.shape());
    numbers(tensor.strides());
    flag(false);
    global("collections", "OrderedDict");
    out.write(')');
    out.write('R');
    out.write('t');
    out.write('R');
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private void numbers(long[] values) {
    out.write('(');
    for (long value : values) {
      number(value);
    }
    out.write('t');
  }

  private void number(long value) {
    if (value == (int) value) {
      out.write('J');
      little(value, Integer.BYTES);
    } else {
      out.write(LONG);
      out.write(Long.BYTES);
      little(value, Long.BYTES);
    }
  }

  private void flag(boolean value) {
    out.write(value ? TRUE : FALSE);
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.write('X');
    little(bytes.length, Integer.BYTES);
    out.writeBytes(bytes);
  }

  private void global(String module, String name) {
    out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private void little(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
