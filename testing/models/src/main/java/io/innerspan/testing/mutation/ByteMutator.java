package io.innerspan.testing.mutation;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/** Damages bytes of any format. */
public final class ByteMutator {
  /** Lengths and numbers of the Protocol Buffers format that go too far. */
  private static final byte[][] VARINTS = {
    {-1, -1, -1, -1, 7},
    {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
    {-128, -128, -128, -128, -128, -128, -128, -128, -128, -128, -128},
    {0},
    {127}
  };

  private final Random random;

  public ByteMutator(Random random) {
    this.random = random;
  }

  /** The bytes with one kind of damage; the array given may be changed. */
  public byte[] mutate(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int from = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - from, 1 + random.nextInt(1 << random.nextInt(9)));
    return switch (random.nextInt(7)) {
      case 0 -> Arrays.copyOf(bytes, from);
      case 1 -> join(bytes, from, new byte[0], from + length);
      case 2 -> join(bytes, from, Arrays.copyOfRange(bytes, from, from + length), from);
      case 3 -> join(bytes, from, VARINTS[random.nextInt(VARINTS.length)], from + 1);
      case 4 -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        yield join(bytes, from, noise, from + (random.nextBoolean() ? length : 0));
      }
      default -> flip(bytes);
    };
  }

  private byte[] flip(byte[] bytes) {
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << random.nextInt(8));
    }
    return bytes;
  }

  /** The beginning of one, then the end of the other: often a merged message. */
  static byte[] splice(byte[] first, byte[] second, Random random) {
    int cut = random.nextBoolean() ? first.length : random.nextInt(first.length + 1);
    int from = random.nextBoolean() ? 0 : random.nextInt(second.length + 1);
    return join(first, cut, Arrays.copyOfRange(second, from, second.length), first.length);
  }

  private static byte[] join(byte[] bytes, int end, byte[] middle, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, end);
    out.writeBytes(middle);
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }
}
