/**
 * Small ONNX models with seeded or hand-built weights, written by this project for its tests.
 * {@link io.innerspan.testing.models.SmallModels} lists them all.
 */
@NullMarked
package io.innerspan.testing.models;

import org.jspecify.annotations.NullMarked;
