package io.innerspan.benchmarks;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Signals other than linear probes that are measured together. */
enum SignalSet {
  /** All statistics of every layer's output. */
  SUMMARIES,
  /** The attention of every layer. */
  ATTENTION,
  /** An autoencoder of 3,072 features on each layer's pooled output. */
  FEATURES_POOLED,
  /** The same on each token of the last layer but one. */
  FEATURES_TOKENS,
  /** Of the last hidden state's last token, as if it were logits. */
  CONFIDENCE,
  /** Distances of rank 16 on every layer. */
  POPULATION,
  /** One on every layer, 384 to 32 to 1. */
  MLP_PROBES,
  /** One on every layer, of each rule by turns, four heads. */
  ATTENTION_PROBES,
  /** Sixteen linear ones, two of each pooling, spread over the layers. */
  LINEAR_PROBES,
  /** All of them. */
  ALL,
  /** What every layer would answer, in a model with an unembedding; no part of {@link #ALL}. */
  LENS,
  /** The same with a translator for each layer. */
  TUNED_LENS;

  /** Those that all-MiniLM-L6-v2 can have alone. */
  static final Set<SignalSet> OF_MINILM =
      Collections.unmodifiableSet(EnumSet.range(SUMMARIES, LINEAR_PROBES));
}
