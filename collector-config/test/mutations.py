"""Mistakes, each made in a copy of the repository's files: a check that finds none of them checks nothing."""

import shutil

import deployments

COMPOSE = "collector-config/compose.yaml"
K8S = "collector-config/kubernetes/"

# The check that finds it, the file, what is replaced by what, and what a fault must then say.
MISTAKES = [
    (deployments.compose_schema, COMPOSE, "network_mode:", "network_modus:", "network_modus"),
    (deployments.compose_schema, COMPOSE, "    ports: [\"127.0.0.1:9090:9090\"]", "    ports: 9090", "services.prometheus.ports"),
    (deployments.compose_references, COMPOSE, "./test/monitors.json:", "./test/monitor.json:", "./test/monitor.json"),
    (deployments.compose_references, COMPOSE, "../examples/quickstart/target:", "../examples/quickest/target:", "found nothing at ../examples/quickest/target"),
    (deployments.compose_references, COMPOSE, "- findings:/data", "- finding:/data", "expected a volume of compose.yaml, found finding"),
    (deployments.compose_references, COMPOSE, "--config=/etc/otel/audit.yaml", "--config=/etc/otel/audits.yaml", "--config=/etc/otel/audits.yaml"),
    (deployments.compose_references, COMPOSE, "/service/embedding-service.jar", "/service/embedding.jar", "a jar that examples/quickstart builds"),
    (deployments.compose_references, COMPOSE, "/agent/innerspan-javaagent-*", "/agent/innerspan-agent-*", "a jar that otel-extension/agent builds"),
    (deployments.compose_references, COMPOSE, "http://collector:4318", "http://collector:4317", "as the collector listens"),
    (deployments.compose_references, COMPOSE, "OTLP_HTTP: 0.0.0.0:4318", "OTLP_HTTP: 127.0.0.1:4318", "expected 0.0.0.0:"),
    (deployments.compose_references, COMPOSE, "INNERSPAN_PACKS: /packs", "INNERSPAN_PACKS: /pack", "INNERSPAN_PACKS: expected what is mounted"),
    (deployments.compose_references, COMPOSE, "INNERSPAN_COHORTS:", "INNERSPAN_COHORT:", "expected a setting of docs/configuration.md"),
    (deployments.compose_references, COMPOSE, "INNERSPAN_KEEP_PERCENT:", "INNERSPAN_KEEP_SHARE:", "found one that none does"),
    (deployments.compose_references, COMPOSE, "INNERSPAN_QUEUES: /data/queues", "INNERSPAN_QUEUES: /queues", "which can be written to"),
    (deployments.compose_references, COMPOSE, "jaeger:4317", "jaeger:14317", "JAEGER_ENDPOINT"),
    (deployments.compose_references, COMPOSE, "      - --web.enable-remote-write-receiver\n", "", "--web.enable-remote-write-receiver"),
    (deployments.compose_references, COMPOSE, "collector-contrib:0.159.0", "collector-contrib:0.158.0", "expected the collector 0.159.0"),
    (deployments.compose_references, COMPOSE, "TCP:127.0.0.1:8080", "TCP:127.0.0.1:8000", "the service's port 8080"),
    (deployments.compose_references, COMPOSE, "127.0.0.1:8080:8081", "127.0.0.1:8080:8080", "where embedding-port listens"),
    (deployments.compose_references, COMPOSE, "127.0.0.1:3000:3000", "0.0.0.0:3000:3000", "expected 127.0.0.1"),
    (deployments.compose_references, COMPOSE, "depends_on: [jaeger, prometheus]", "depends_on: [jager, prometheus]", "found jager"),
    (deployments.compose_references, COMPOSE, ":/var/lib/grafana/dashboards:", ":/var/lib/dashboards:", "expected dashboards at"),
    (deployments.compose_references, "collector-config/grafana/provisioning/datasources/innerspan.yaml", "prometheus:9090", "prometheus:9091", "data source Prometheus"),
    (deployments.compose_references, "collector-config/prometheus/prometheus.yml", "rules/*.yaml", "rule/*.yaml", "rule_files"),
    (deployments.compose_references, "collector-config/siem/file.yaml", "${env:INNERSPAN_FINDINGS_FILE", "${env:INNERSPAN_FINDINGS", "INNERSPAN_FINDINGS_FILE"),
    (deployments.compose_references, "collector-config/builder.yaml", "version: 0.159.0", "version: 0.160.0", "expected the collector 0.160.0"),
    (deployments.kubernetes_schemas, "collector-config/kustomization.yaml", "configMapGenerator:", "configMapGenerators:", "kubectl kustomize"),
    (deployments.kubernetes_schemas, "collector-config/kustomization.yaml", "  - kubernetes/network.yaml\n", "", "expected kubernetes/network.yaml"),
    (deployments.kubernetes_references, "collector-config/kustomization.yaml", "jaeger.yaml=backends/jaeger.yaml", "jager.yaml=backends/jaeger.yaml", "--config=/etc/otel/jaeger.yaml"),
    (deployments.kubernetes_schemas, "collector-config/kustomization.yaml", "agent-kubernetes.yaml]", "agent-k8s.yaml]", "kubectl kustomize"),
    (deployments.kubernetes_references, "collector-config/kustomization.yaml", "      - audit.yaml\n", "", "INNERSPAN_AUDIT_FILE"),
    (deployments.kubernetes_schemas, K8S + "agent.yaml", "serviceAccountName:", "serviceAccount_Name:", "DaemonSet otel-agent"),
    (deployments.kubernetes_schemas, K8S + "agent.yaml", "containerPort: 4318", "containerPort: http", "DaemonSet otel-agent"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "containerPort: 4318", "containerPort: 4319", "otel-agent: ports"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "serviceAccountName: otel-agent", "serviceAccountName: agent", "found agent"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "configMap: {name: otel-agent}", "configMap: {name: agent}", "expected a config map"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "name: queues, mountPath", "name: queue, mountPath", "expected a volume, found queue"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "mountPath: /etc/otel", "mountPath: /etc/otelcol", "a file of its config map in /etc/otelcol"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "value: otel-gateway-headless", "value: otel-gateway", "clusterIP: expected None"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "INNERSPAN_GATEWAY_FINDINGS, value: \"otel-gateway:4317\"", "INNERSPAN_GATEWAY_FINDINGS, value: \"otel-gateway:4318\"", "INNERSPAN_GATEWAY_FINDINGS"),
    (deployments.kubernetes_references, "collector-config/agent.yaml", "GATEWAY_PORT:-4317", "GATEWAY_PORT:-4319", "INNERSPAN_GATEWAY: expected a service and its port"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "$(POD_IP):13133", "$(POD_IP):13134", "readinessProbe"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "$(POD_IP):4317", "127.0.0.1:4317", "expected $(POD_IP)"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "contrib:0.159.0", "contrib:0.150.0", "found 0.150.0"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "INNERSPAN_QUEUES, value: /queues", "INNERSPAN_QUEUES, value: /var/queues", "which can be written to"),
    (deployments.kubernetes_references, K8S + "agent.yaml", "{name: otlp-http, port: 4318}", "{name: otlp-http, port: 4320}", "otel-agent: ports: expected 4318"),
    (deployments.kubernetes_references, K8S + "gateway.yaml", "serviceName: otel-gateway-headless", "serviceName: headless", "serviceName"),
    (deployments.kubernetes_references, K8S + "gateway.yaml", "            - --config=/etc/otel/ocsf.yaml\n", "", "no --config of it"),
    (deployments.kubernetes_references, K8S + "gateway.yaml", "name: SPLUNK_HEC_TOKEN", "name: SPLUNK_TOKEN", "expected SPLUNK_HEC_TOKEN"),
    (deployments.kubernetes_references, K8S + "gateway.yaml", "  clusterIP: None\n", "", "clusterIP: expected None"),
    (deployments.kubernetes_schemas, K8S + "gateway.yaml", "accessModes: [ReadWriteOnce]", "accessModes: ReadWriteOnce", "StatefulSet otel-gateway"),
    (deployments.kubernetes_references, K8S + "gateway.yaml", "  selector: {app: otel-gateway}\n  ports", "  selector: {app: gateway}\n  ports", "expected labels of pods"),
    (deployments.kubernetes_references, K8S + "network.yaml", "port: 4317", "port: 4319", "network policy: ports"),
    (deployments.kubernetes_references, K8S + "network.yaml", "app: otel-agent", "app: agent", "network policy: from"),
    (deployments.kubernetes_references, K8S + "network.yaml", "{app: otel-gateway}", "{app: gateway}", "network policy: podSelector"),
    (deployments.kubernetes_references, K8S + "rbac.yaml", "resources: [replicasets]", "resources: [deployments]", "replicasets"),
    (deployments.kubernetes_references, K8S + "rbac.yaml", "verbs: [get, list, watch]", "verbs: [get, list, watch, delete]", "to read alone"),
    (deployments.kubernetes_references, K8S + "rbac.yaml", "  name: innerspan-otel-agent\nsubjects", "  name: otel-agent\nsubjects", "expected a role"),
    (deployments.kubernetes_references, K8S + "rbac.yaml", "    name: otel-agent\n    namespace", "    name: agent\n    namespace", "expected an account"),
    (deployments.operator_schema, K8S + "instrumentation.yaml", "    type: parentbased_always_on", "    type: always", "instrumentation.yaml"),
    (deployments.operator_schema, K8S + "instrumentation.yaml", "propagators:", "propagator:", "instrumentation.yaml"),
    (deployments.operator_references, K8S + "instrumentation.yaml", "otel-agent.innerspan-telemetry:4318", "otel-agent.telemetry:4318", "expected a service in its namespace"),
    (deployments.operator_references, K8S + "instrumentation.yaml", "innerspan-telemetry:4318", "innerspan-telemetry:4317", "expected the port of otlp-http"),
    (deployments.operator_references, K8S + "instrumentation.yaml", "INNERSPAN_PACKS", "INNERSPAN_PACK", "expected a setting"),
    (deployments.operator_references, K8S + "instrumentation.yaml", "value: /innerspan/packs", "value: /packs", "where packs are looked for"),
    (deployments.operator_references, K8S + "instrumentation.yaml", "  name: innerspan\n", "  name: span\n", "example.yaml: annotations"),
    (deployments.kubernetes_schemas, K8S + "example.yaml", "containerPort: 8080", "port: 8080", "example.yaml: Deployment"),
    (deployments.dockerfile, K8S + "Dockerfile", "/javaagent.jar", "/agent.jar", "the operator copies from"),
    (deployments.dockerfile, K8S + "Dockerfile", "innerspan-javaagent-*.jar", "*-agent-*.jar", "the one jar"),
    (deployments.dockerfile, K8S + "Dockerfile", "busybox:1.37", "busybox", "FROM: expected a version"),
]

COPIED = ["collector-config", "docs/configuration.md", "examples/quickstart/pom.xml", "examples/quickstart/pack", "otel-extension/agent/pom.xml"]


def run(root, folder, known):
    """How many mistakes were found and left out, and which were not found."""
    for path in COPIED:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if (root / path).is_dir():
            shutil.copytree(root / path, target, ignore=shutil.ignore_patterns("target", "__pycache__"))
        else:
            shutil.copy(root / path, target)
    found, left, unseen = 0, 0, []
    for check, path, old, new, said in MISTAKES:
        if known.missing(check):
            left += 1
            continue
        file = folder / path
        right = file.read_text()
        if old not in right:
            unseen.append(f"{path}: expected {old!r}, which the mistake is made of")
            continue
        file.write_text(right.replace(old, new, 1))
        faults = deployments.faults(check, deployments.Files(folder), known)
        file.write_text(right)
        if any(said in fault for fault in faults):
            found += 1
        else:
            unseen.append(f"{path}: {new!r}, expected a fault with {said!r}, found {faults[:3]}")
    return found, left, unseen
