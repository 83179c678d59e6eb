// Package datadogexporter takes the place of the exporter of that name, of which modules could not be got. The configuration is the
// exporter's own code, with its defaults and checks, as are the helpers that take telemetry. What would send it says how much it was.
package datadogexporter

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/datadog/config"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

// NewFactory makes the exporter datadog, for traces and metrics.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(component.MustNewType("datadog"), config.CreateDefaultConfig,
		exporter.WithTraces(traces, component.StabilityLevelBeta),
		exporter.WithMetrics(metrics, component.StabilityLevelBeta))
}

func traces(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Traces, error) {
	cfg, err := config.CheckAndCastConfig(c)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewTraces(ctx, set, c, func(_ context.Context, td ptrace.Traces) error {
		set.Logger.Info("would send to Datadog", zap.String("endpoint", cfg.Traces.Endpoint), zap.Int("spans", td.SpanCount()))
		return nil
	}, exporterhelper.WithQueue(cfg.QueueSettings))
}

func metrics(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Metrics, error) {
	cfg, err := config.CheckAndCastConfig(c)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewMetrics(ctx, set, c, func(_ context.Context, md pmetric.Metrics) error {
		set.Logger.Info("would send to Datadog", zap.String("endpoint", cfg.Metrics.Endpoint), zap.Int("points", md.DataPointCount()))
		return nil
	}, exporterhelper.WithQueue(cfg.QueueSettings))
}
