package io.innerspan.onnxruntime.graft;

import java.util.Set;

/** The operators that tell the parts of a transformer apart, by their ONNX names. */
final class StandardOps {
  /** Operators whose first output is their first input, renamed or converted. */
  static final Set<String> PASS_THROUGH = Set.of("Identity", "Dropout");

  /** Fused layer normalisations: first input to first output. */
  static final Set<String> NORMALIZATION =
      Set.of("LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization");

  /** Fused additions with the normalisation that follows: output 0 normalised, 3 the sum. */
  static final Set<String> SKIP_NORMALIZATION =
      Set.of("SkipLayerNormalization", "SkipSimplifiedLayerNormalization");

  static final Set<String> FUSED_ATTENTION =
      Set.of(
          "Attention",
          "MultiHeadAttention",
          "DecoderMaskedMultiHeadAttention",
          "GroupQueryAttention",
          "PackedAttention",
          "PackedMultiHeadAttention",
          "PagedAttention",
          "QAttention",
          "SparseAttention");

  /** Products with weights or of activations. */
  static final Set<String> PRODUCT =
      Set.of(
          "MatMul",
          "Gemm",
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "DynamicQuantizeMatMul",
          "Einsum",
          "FusedGemm",
          "FusedMatMul",
          "MatMulInteger",
          "MatMulIntegerToFloat",
          "MatMulNBits",
          "QLinearConv",
          "QLinearMatMul");

  private StandardOps() {}
}
