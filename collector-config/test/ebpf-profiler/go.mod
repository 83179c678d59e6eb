// A stand-in, for the test's collector alone: see ../../builder.yaml.
module go.opentelemetry.io/ebpf-profiler

go 1.25
