package io.innerspan.recorder;

import io.innerspan.signals.monitor.FindingGate;
import io.innerspan.signals.monitor.Moment;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.trace.Tracer;
import java.util.function.Supplier;

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
    FindingGate gate,
    ModelChanges changes,
    ModelChanges tokenizerChanges,
    ChangeRules changeRules,
    Supplier<Moment> clock,
    CohortMetrics cohorts,
    SliceRoom sliceRoom,
    EventRoom eventRoom) {}
