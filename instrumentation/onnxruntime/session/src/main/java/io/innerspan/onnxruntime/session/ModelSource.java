package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Where an application loads a model from, as it said it. */
public sealed interface ModelSource {
  /**
   * How much is written from the heap at once: the JDK copies it to a direct buffer as large, which
   * the writing thread, an application's, then keeps.
   */
  int CHUNK = 1 << 17;

  /** A model in a file. */
  static ModelSource of(String path) {
    return new File(path);
  }

  /** A model in an array, which the application may change afterwards. */
  static ModelSource of(byte[] bytes) {
    return new Array(bytes);
  }

  /** A model in a direct buffer between its position and its limit. */
  static ModelSource of(ByteBuffer buffer) {
    return new Buffer(buffer);
  }

  /** Opens the session just as the application asked for. */
  OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
      throws OrtException;

  /** Appends the model's bytes to a channel. */
  void copyTo(FileChannel target) throws IOException;

  /** What the model's file is now; null for a model in memory. */
  default @Nullable FileStamp stamp() throws IOException {
    return null;
  }

  /** A model in a file. */
  record File(String path) implements ModelSource {
    @Override
    public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException {
      return environment.createSession(path, options);
    }

    @Override
    public FileStamp stamp() throws IOException {
      return FileStamp.of(Path.of(path));
    }

    @Override
    public void copyTo(FileChannel target) throws IOException {
      try (FileChannel file = FileChannel.open(Path.of(path), StandardOpenOption.READ)) {
        long size = file.size();
        for (long done = 0; done < size; ) {
          long moved = file.transferTo(done, size - done, target);
          if (moved <= 0) {
            throw new IOException(path + " became shorter while it was read");
          }
          done += moved;
        }
      }
    }
  }

  /** A model in an array. */
  record Array(byte[] bytes) implements ModelSource {
    @Override
    public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException {
      return environment.createSession(bytes, options);
    }

    @Override
    public void copyTo(FileChannel target) throws IOException {
      for (int done = 0; done < bytes.length; ) {
        int length = Math.min(CHUNK, bytes.length - done);
        done += target.write(ByteBuffer.wrap(bytes, done, length));
      }
    }
  }

  /** A model in a direct buffer; ONNX Runtime 1.20 and newer. */
  record Buffer(ByteBuffer buffer) implements ModelSource {
    private static final MethodType OPEN =
        MethodType.methodType(OrtSession.class, ByteBuffer.class, OrtSession.SessionOptions.class);

    @Override
    public OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
        throws OrtException {
      try {
        MethodHandle create =
            MethodHandles.publicLookup().findVirtual(OrtEnvironment.class, "createSession", OPEN);
        return (OrtSession) create.invokeExact(environment, buffer, options);
      } catch (OrtException | RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void copyTo(FileChannel target) throws IOException {
      ByteBuffer view = buffer.duplicate();
      while (view.hasRemaining()) {
        target.write(view);
      }
    }
  }
}
