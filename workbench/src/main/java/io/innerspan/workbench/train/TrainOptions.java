package io.innerspan.workbench.train;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a probe pack is trained from.
 *
 * @param data the CSV file
 * @param textColumn its column of texts
 * @param labelColumn its column of labels
 * @param positive the label that the probe is to find
 * @param groupColumn its column of template families, or null
 * @param model the ONNX model
 * @param tokenizer its tokenizer.json
 * @param out the pack's folder, absent or empty
 * @param id the probe's id
 * @param name the pack's name
 * @param version the pack's semantic version
 * @param licence the pack's licence
 * @param seed of the split and of the resampling
 * @param targetFpr the false-positive rate that the threshold is certified for
 * @param testOut where to write the test part with its scores, or null
 */
public record TrainOptions(
    Path data,
    String textColumn,
    String labelColumn,
    String positive,
    @Nullable String groupColumn,
    Path model,
    Path tokenizer,
    Path out,
    String id,
    String name,
    String version,
    String licence,
    long seed,
    double targetFpr,
    @Nullable Path testOut) {}
