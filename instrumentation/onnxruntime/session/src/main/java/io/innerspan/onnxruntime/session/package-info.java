/**
 * Grafted ONNX Runtime sessions: opening, certifying and running them beside the application's.
 * Written against the oldest supported ONNX Runtime; usable without the agent, and the agent's
 * isolated helper.
 */
@NullMarked
package io.innerspan.onnxruntime.session;

import org.jspecify.annotations.NullMarked;
