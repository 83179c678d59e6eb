package io.innerspan.signals.reference;

/** How far an engine's value may lie from the reference: {@code ε · max(1, |reference|)}. */
public enum Tolerance {
  /** 32-bit arithmetic: ε = 1e-5. */
  FP32(1e-5),
  /** Half-precision arithmetic (fp16, bf16): ε = 1e-3. */
  FP16(1e-3);

  private final double epsilon;

  Tolerance(double epsilon) {
    this.epsilon = epsilon;
  }

  /** The largest allowed distance from {@code reference}. */
  public double allowed(double reference) {
    return epsilon * Math.max(1, Math.abs(reference));
  }

  /** Whether {@code actual} is near enough; never for NaN or infinities. */
  public boolean agrees(double actual, double reference) {
    return Double.isFinite(reference) && Math.abs(actual - reference) <= allowed(reference);
  }
}
