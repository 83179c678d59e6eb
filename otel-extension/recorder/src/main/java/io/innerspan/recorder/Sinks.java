package io.innerspan.recorder;

import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Tracer;

/** What all models' telemetry shares. */
record Sinks(
    RecorderSettings settings,
    Tracer tracer,
    Instruments instruments,
    MetricBatches batches,
    Logger logger,
    HealthCounters health,
    Generations generations,
    BoundedNames models,
    BoundedNames errors,
    CohortMetrics cohorts) {}
