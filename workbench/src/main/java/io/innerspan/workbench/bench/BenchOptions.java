package io.innerspan.workbench.bench;

import io.innerspan.signals.Pooling;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is benchmarked.
 *
 * @param data a CSV file of texts with one label each
 * @param textColumn its column of texts
 * @param labelColumn its column of labels; each label is a concept
 * @param model the model
 * @param tokenizer its tokenizer.json
 * @param hookPoint where to read, or null for the autoencoders' place or the middle layer
 * @param pooling how the detectors' activations are pooled: mean, last or cls
 * @param saes packs with autoencoders, or folders of them; may be empty
 * @param least labels of fewer texts than this are no concepts
 * @param lossTexts how many texts loss is measured on, or 0
 * @param seed of halves and controls
 */
public record BenchOptions(
    Path data,
    String textColumn,
    String labelColumn,
    Path model,
    Path tokenizer,
    @Nullable String hookPoint,
    Pooling pooling,
    List<Path> saes,
    int least,
    int lossTexts,
    long seed) {}
