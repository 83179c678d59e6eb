package io.innerspan.signals.drift;

/**
 * Passes over whole numbers, each without a branch and about one array that it writes, in the form
 * that OpenJDK's compiler turns into vector instructions. Arrays are of equal length.
 */
final class Lanes {
  /** Adds, but never to less than 0. */
  static void addUpwards(int[] sums, int[] added) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.max(0, sums[i] + added[i]);
    }
  }

  /** Adds where a number that is not negative is above 0; elsewhere what was there becomes 0. */
  static void addWhilePositive(int[] into, int[] added, int[] numbers) {
    for (int i = 0; i < into.length; i++) {
      into[i] = (into[i] + added[i]) & -numbers[i] >> 31;
    }
  }

  /** Sets where a number that is not negative is 0. */
  static void setWhereZero(int[] into, int[] numbers, int value) {
    for (int i = 0; i < into.length; i++) {
      int zero = numbers[i] - 1 >> 31;
      into[i] = into[i] & ~zero | value & zero;
    }
  }

  /** Whether a number that is not negative is at least its limit, which is above 0. */
  static boolean anyReaches(int[] numbers, int[] limits) {
    int any = 0;
    for (int i = 0; i < numbers.length; i++) {
      any |= limits[i] - 1 - numbers[i];
    }
    return any < 0;
  }

  /** Whether a number that is not negative is at least a limit, which is above 0. */
  static boolean anyReaches(int[] numbers, int limit) {
    int any = 0;
    for (int i = 0; i < numbers.length; i++) {
      any |= limit - 1 - numbers[i];
    }
    return any < 0;
  }

  private Lanes() {}
}
