// The exporter's configuration without its delivery, for the test's collector alone: see ../../builder.yaml.
module github.com/open-telemetry/opentelemetry-collector-contrib/exporter/datadogexporter

go 1.25.7

require (
	github.com/open-telemetry/opentelemetry-collector-contrib/pkg/datadog v0.159.0
	go.opentelemetry.io/collector/component v1.65.0
	go.opentelemetry.io/collector/exporter v1.65.0
	go.opentelemetry.io/collector/pdata v1.65.0
)
