"""What compose.yaml, the manifests and the Dockerfile must say for the collector, the agent and each other."""

import fnmatch
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import yaml

import schemas

MANIFESTS = "collector-config/kubernetes"
ENVIRONMENT = re.compile(r"\$\{env:([A-Z0-9_]+)(:-[^}]*)?\}")


class Files:
    """The repository's files, and lines about them."""

    def __init__(self, root):
        self.root = root

    def text(self, path):
        return (self.root / path).read_text()

    def yaml(self, path):
        return yaml.safe_load(self.text(path))

    def documents(self, path):
        return [d for d in yaml.safe_load_all(self.text(path)) if d]

    def exists(self, path):
        return (self.root / path).exists()

    def version(self):
        """Of the collector that test.sh builds and runs."""
        return str(self.yaml("collector-config/builder.yaml")["dist"]["version"])

    def built(self, folder):
        """The jars that a module's build leaves in its folder target."""
        if not self.exists(f"{folder}/pom.xml"):
            return []
        pom = ElementTree.fromstring(self.text(f"{folder}/pom.xml"))
        space = {"m": "http://maven.apache.org/POM/4.0.0"}
        name = pom.findtext("m:artifactId", namespaces=space)
        version = pom.findtext("m:parent/m:version", namespaces=space)
        jars = [f"{name}-{version}"]
        for settings in pom.iterfind(".//m:configuration", space):
            final, classifier = settings.findtext("m:finalName", namespaces=space), settings.findtext("m:classifier", namespaces=space)
            jars += ["-".join(filter(None, [final, classifier]))] if final else []
        return [f"{jar}.jar" for jar in jars]

    def settings(self):
        return set(re.findall(r"`(OTEL_INSTRUMENTATION_INNERSPAN_[A-Z_]+)`", self.text("docs/configuration.md")))

    def collector(self, paths):
        """The texts of configuration files of the collector, and their variables with whether they have a default."""
        found = {}
        for path in paths:
            for name, default in ENVIRONMENT.findall(self.text(path)):
                found[name] = found.get(name, True) and bool(default)
        return found


def needs(*what):
    def mark(check):
        check.needs = what
        return check

    return mark


def faults(check, files, known):
    """A line for each fault. What breaks a schema may be more than the checks after it can read."""
    try:
        return check(files, known)
    except (AttributeError, KeyError, ValueError, TypeError, StopIteration, OSError, yaml.YAMLError) as e:
        return [f"cannot be read: {type(e).__name__}: {e}"]


def port(address):
    return int(re.search(r":(\d+)(/|$)", str(address).split("//")[-1])[1])


def host(address):
    return re.sub(r"^[a-z]+://", "", str(address)).split(":")[0].split("/")[0]


def images(files, where, image):
    name, _, tag = image.rpartition(":")
    faults = [] if name and tag and tag != "latest" else [f"{where}: image: expected a version, found {image}"]
    if name == "otel/opentelemetry-collector-contrib" and tag != files.version():
        faults.append(f"{where}: image: expected the collector {files.version()} of builder.yaml, found {tag}")
    return faults


def environment(files, where, given, configs):
    """What the collector is given is what its files name, and nothing that they need is missing."""
    named = files.collector(configs)
    faults = []
    for name in given:
        if name not in named and not name.startswith("GO") and name not in ("POD_IP", "K8S_NODE_NAME"):
            faults.append(f"{where}: {name}: expected a variable that {', '.join(configs)} name, found one that none does")
    faults += [f"{where}: expected {name}, which has no default, found nothing" for name, default in named.items() if not default and name not in given]
    return faults


def agent_settings(files, where, given):
    known = files.settings()
    names = [name for name in given if name.startswith("OTEL_INSTRUMENTATION_INNERSPAN_")]
    return [f"{where}: {name}: expected a setting of docs/configuration.md, found none of this name" for name in names if name not in known]


# compose


@needs("compose_module")
def compose_schema(files, known):
    return schemas.against(known.compose, files.yaml("collector-config/compose.yaml"), "compose.yaml")


def compose_references(files, known):
    compose = files.yaml("collector-config/compose.yaml")
    services = compose["services"]
    faults = []
    taken = {}
    for name, service in services.items():
        where = f"compose.yaml: {name}"
        faults += images(files, where, service["image"])
        for other in service.get("depends_on", []):
            if other not in services:
                faults.append(f"{where}: depends_on: expected a service, found {other}")
        mode = service.get("network_mode", "")
        if mode.startswith("service:") and mode[8:] not in services:
            faults.append(f"{where}: network_mode: expected a service, found {mode}")
        for volume in service.get("volumes", []):
            faults += mount(files, where, volume, compose)
        for published in service.get("ports", []):
            address, outside, _ = str(published).rsplit(":", 2)
            if address != "127.0.0.1":
                faults.append(f"{where}: ports: expected 127.0.0.1:…, found {published}")
            if outside in taken:
                faults.append(f"{where}: ports: {outside} is published by {taken[outside]} too")
            taken[outside] = name
        faults += agent_settings(files, where, service.get("environment", {}))
    faults += compose_collector(files, services)
    faults += compose_service(files, services)
    faults += compose_viewers(files, services)
    return faults


def mount(files, where, volume, compose):
    source = volume.split(":")[0]
    if not source.startswith("."):
        return [] if source in compose["volumes"] else [f"{where}: volumes: expected a volume of compose.yaml, found {source}"]
    path = pathlib.PurePosixPath("collector-config") / source
    clean = normal(path)
    # What a build leaves is not there before it.
    if clean.name == "target":
        clean = clean.parent / "pom.xml"
    return [] if files.exists(clean) else [f"{where}: volumes: expected a file or folder, found nothing at {source}"]


def normal(path):
    parts = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return pathlib.PurePosixPath(*parts)


def inside(service, path):
    """The place in the repository of a path in a container, or None."""
    best = None
    for volume in service.get("volumes", []):
        source, target = volume.split(":")[:2]
        if source.startswith(".") and (path == target or path.startswith(target.rstrip("/") + "/")):
            if best is None or len(target) > len(best[1]):
                best = (source, target)
    return None if best is None else normal(pathlib.PurePosixPath("collector-config") / best[0] / path[len(best[1]) :].lstrip("/"))


def compose_collector(files, services):
    collector = services["collector"]
    where = "compose.yaml: collector"
    configs, faults = [], []
    for argument in collector["command"]:
        path = inside(collector, argument.split("=", 1)[1])
        if path is None or not files.exists(path):
            faults.append(f"{where}: command: expected a file that is mounted, found {argument}")
        else:
            configs.append(str(path))
    given = collector["environment"]
    faults += environment(files, where, given, configs)
    # Loopback within its own container would reach nobody else.
    for name in ("INNERSPAN_OTLP_GRPC", "INNERSPAN_OTLP_HTTP"):
        if host(given.get(name, "127.0.0.1")) != "0.0.0.0":
            faults.append(f"{where}: {name}: expected 0.0.0.0:…, found {given.get(name)}")
    faults += writable(where, given, [v.split(":")[1] for v in collector["volumes"] if not v.endswith(":ro")])
    # Which port a program listens on inside, by what stands in compose.yaml or is its default.
    listening = {("jaeger", 4317), ("jaeger", 4318), ("jaeger", 16686), ("prometheus", 9090)}
    for name in ("JAEGER_ENDPOINT", "PROMETHEUS_WRITE"):
        if (host(given[name]), port(given[name])) not in listening:
            faults.append(f"{where}: {name}: expected a service and its port, found {given[name]}")
    if "/api/v1/write" in given["PROMETHEUS_WRITE"] and "--web.enable-remote-write-receiver" not in services["prometheus"]["command"]:
        faults.append("compose.yaml: prometheus: command: expected --web.enable-remote-write-receiver, found no such flag")
    return faults


def writable(where, given, folders):
    faults = []
    for name in ("INNERSPAN_QUEUES", "INNERSPAN_FINDINGS_FILE", "INNERSPAN_AUDIT_FILE"):
        if name in given and not any(given[name] == f or given[name].startswith(f.rstrip("/") + "/") for f in folders):
            faults.append(f"{where}: {name}: expected a path in {', '.join(folders) or 'a mounted folder'}, which can be written to, found {given[name]}")
    return faults


def compose_service(files, services):
    service = services["embedding-service"]
    where = "compose.yaml: embedding-service"
    given = service["environment"]
    faults = []
    command = " ".join(service["command"])
    for path, module in re.findall(r"(?:-jar |ls )(\S+?\.jar)()", command):
        place = inside(service, path)
        if place is None or place.parent.name != "target":
            faults.append(f"{where}: command: expected a jar that is mounted, found {path}")
        elif not any(fnmatch.fnmatch(jar, place.name) for jar in files.built(str(place.parent.parent))):
            faults.append(f"{where}: command: expected a jar that {place.parent.parent} builds, found {path}")
    if len(re.findall(r"\.jar", command)) != 2:
        faults.append(f"{where}: command: expected an agent and a service, found {command}")
    for name in ("OTEL_INSTRUMENTATION_INNERSPAN_PACKS", "OTEL_INSTRUMENTATION_INNERSPAN_MONITORS_FILE"):
        place = inside(service, given[name])
        if place is None or not files.exists(place):
            faults.append(f"{where}: {name}: expected what is mounted, found {given[name]}")
    endpoint = given["OTEL_EXPORTER_OTLP_ENDPOINT"]
    receiver = "HTTP" if given["OTEL_EXPORTER_OTLP_PROTOCOL"].startswith("http") else "GRPC"
    listens = services["collector"]["environment"].get(f"INNERSPAN_OTLP_{receiver}", "")
    if host(endpoint) != "collector" or port(endpoint) != port(listens):
        faults.append(f"{where}: OTEL_EXPORTER_OTLP_ENDPOINT: expected http://collector:{port(listens)}, as the collector listens, found {endpoint}")
    # The service listens on its container's loopback address; another program there brings it out.
    bridge = services["embedding-port"]
    match = re.fullmatch(r"TCP-LISTEN:(\d+),\S+ TCP:127\.0\.0\.1:(\d+)", bridge["command"])
    if not match or match[2] != command.split()[-1]:
        faults.append(f"compose.yaml: embedding-port: command: expected to lead to the service's port {command.split()[-1]}, found {bridge['command']}")
    elif [str(p).rsplit(":", 1)[1] for p in service["ports"]] != [match[1]]:
        faults.append(f"{where}: ports: expected {match[1]}, where embedding-port listens, found {service['ports']}")
    return faults


def compose_viewers(files, services):
    faults = []
    prometheus, grafana = services["prometheus"], services["grafana"]
    (argument,) = [a for a in prometheus["command"] if a.startswith("--config.file=")]
    config = inside(prometheus, argument.split("=", 1)[1])
    if config is None or not files.exists(config):
        faults.append(f"compose.yaml: prometheus: command: expected a file that is mounted, found {argument}")
    else:
        for pattern in files.yaml(config)["rule_files"]:
            if not list((files.root / config.parent).glob(pattern)):
                faults.append(f"{config}: rule_files: expected files, found none of {pattern}")
    for provider in files.yaml("collector-config/grafana/provisioning/dashboards/innerspan.yaml")["providers"]:
        place = inside(grafana, provider["options"]["path"])
        if place is None or not list((files.root / place).glob("*.json")):
            faults.append(f"compose.yaml: grafana: expected dashboards at {provider['options']['path']}, found none mounted")
    if inside(grafana, "/etc/grafana/provisioning") != pathlib.PurePosixPath("collector-config/grafana/provisioning"):
        faults.append("compose.yaml: grafana: expected the provisioning at /etc/grafana/provisioning, found it nowhere")
    sources = files.yaml("collector-config/grafana/provisioning/datasources/innerspan.yaml")["datasources"]
    ports = {"prometheus": 9090, "jaeger": 16686}
    uids = {source["uid"] for source in sources}
    for source in sources:
        if ports.get(host(source["url"])) != port(source["url"]) or host(source["url"]) not in services:
            faults.append(f"grafana's data source {source['name']}: expected a service of compose.yaml and its port, found {source['url']}")
        for trace in source.get("jsonData", {}).get("exemplarTraceIdDestinations", []):
            if trace["datasourceUid"] not in uids:
                faults.append(f"grafana's data source {source['name']}: exemplars: expected a data source, found {trace['datasourceUid']}")
    return faults


# Kubernetes


class Cluster:
    """What kubectl makes of the kustomization, by kind and name."""

    def __init__(self, documents):
        self.documents = documents

    def of(self, kind):
        return {d["metadata"]["name"]: d for d in self.documents if d["kind"] == kind}

    def workloads(self):
        return [d for d in self.documents if d["kind"] in ("DaemonSet", "Deployment", "StatefulSet")]


@needs("kubectl")
def kubernetes_schemas(files, known):
    documents, said = known.kustomize(files.root / "collector-config")
    if not documents:
        return [f"kustomization.yaml: kubectl kustomize: {said}"]
    faults = [f"kustomization.yaml: kubectl kustomize: {said}"] if said else []
    for document in documents:
        faults += schemas.kubernetes(document, f"{document['kind']} {document['metadata']['name']}")
    for document in files.documents(f"{MANIFESTS}/example.yaml"):
        faults += schemas.kubernetes(document, f"example.yaml: {document['kind']}")
    listed = set(files.yaml("collector-config/kustomization.yaml")["resources"])
    # For the namespaces of services, and not of the collectors.
    apart = {"kubernetes/instrumentation.yaml", "kubernetes/example.yaml"}
    there = {f"kubernetes/{path.name}" for path in (files.root / MANIFESTS).glob("*.yaml")}
    faults += [f"kustomization.yaml: expected {path}, found it nowhere" for path in sorted(there - listed - apart)]
    return faults


@needs("kubectl")
def kubernetes_references(files, known):
    documents, said = known.kustomize(files.root / "collector-config")
    if not documents:
        return [f"kustomization.yaml: kubectl kustomize: {said}"]
    cluster = Cluster(documents)
    generated = {g["name"]: sources(g["files"]) for g in files.yaml("collector-config/kustomization.yaml")["configMapGenerator"]}
    faults = []
    for workload in cluster.workloads():
        faults += workload_references(files, cluster, workload, generated)
    faults += network(cluster)
    faults += rights(files, cluster)
    faults += gateway_addresses(files, cluster)
    return faults


def sources(listed):
    """The files of a generated config map, by their names in it."""
    named = [f.split("=", 1) if "=" in f else [pathlib.PurePosixPath(f).name, f] for f in listed]
    return {name: f"collector-config/{path}" for name, path in named}


def workload_references(files, cluster, workload, generated):
    name = workload["metadata"]["name"]
    spec = workload["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    labels = workload["spec"]["template"]["metadata"]["labels"]
    faults = images(files, name, container["image"])
    if not matches(workload["spec"]["selector"]["matchLabels"], labels):
        faults.append(f"{name}: selector: expected labels of its own pods, found {workload['spec']['selector']}")
    if spec["serviceAccountName"] not in cluster.of("ServiceAccount"):
        faults.append(f"{name}: serviceAccountName: expected an account, found {spec['serviceAccountName']}")
    volumes = {v["name"]: v for v in spec["volumes"]} | {v["metadata"]["name"]: v for v in workload["spec"].get("volumeClaimTemplates", [])}
    mounts = {m["mountPath"]: m for m in container["volumeMounts"]}
    for path, mounted in mounts.items():
        if mounted["name"] not in volumes:
            faults.append(f"{name}: volumeMounts: expected a volume, found {mounted['name']} at {path}")
    configs = []
    for volume in volumes.values():
        if "configMap" in volume:
            found = cluster.of("ConfigMap").get(volume["configMap"]["name"])
            if found is None:
                faults.append(f"{name}: volumes: expected a config map, found none called {volume['configMap']['name']}")
                continue
            (paths,) = [p for p, m in mounts.items() if m["name"] == volume["name"]]
            origin = next(g for g in generated if found["metadata"]["name"].startswith(g + "-"))
            for argument in container["args"]:
                folder, _, file = argument.split("=", 1)[1].rpartition("/")
                if folder != paths or file not in found["data"]:
                    faults.append(f"{name}: args: expected a file of its config map in {paths}, found {argument}")
                else:
                    configs.append(generated[origin][file])
            idle = set(found["data"]) - {a.rpartition("/")[2] for a in container["args"]}
            faults += [f"{name}: args: expected {file} of its config map, found no --config of it" for file in sorted(idle)]
    given = {e["name"]: e.get("value") for e in container["env"]}
    faults += environment(files, name, given, configs)
    faults += writable(name, given, [p for p, m in mounts.items() if not m.get("readOnly")])
    faults += ports(cluster, workload, container, given, labels)
    return faults


def matches(selector, labels):
    return all(labels.get(k) == v for k, v in selector.items())


def ports(cluster, workload, container, given, labels):
    """The collector's receivers, the container's ports, the services' and the probes' are the same."""
    name = workload["metadata"]["name"]
    listens = {f"otlp-{kind}": port(given[f"INNERSPAN_OTLP_{kind.upper()}"]) for kind in ("grpc", "http")}
    opened = {p["name"]: p["containerPort"] for p in container["ports"]}
    faults = [] if listens == opened else [f"{name}: ports: expected {listens}, as the collector listens, found {opened}"]
    for variable in ("INNERSPAN_OTLP_GRPC", "INNERSPAN_OTLP_HTTP", "INNERSPAN_HEALTH"):
        if not str(given.get(variable, "")).startswith("$(POD_IP):"):
            faults.append(f"{name}: {variable}: expected $(POD_IP):…, which others reach, found {given.get(variable)}")
    for probe in ("readinessProbe", "livenessProbe"):
        if container[probe]["httpGet"]["port"] != port(given["INNERSPAN_HEALTH"]):
            faults.append(f"{name}: {probe}: expected the port of INNERSPAN_HEALTH, {given['INNERSPAN_HEALTH']}, found {container[probe]['httpGet']['port']}")
    services = [s for s in cluster.of("Service").values() if matches(s["spec"]["selector"], labels)]
    if not services:
        faults.append(f"{name}: expected a service of its pods, found none")
    for service in services:
        for each in service["spec"]["ports"]:
            target = each.get("targetPort", each["port"])
            if target not in (opened.get(each["name"]), each["name"]):
                faults.append(f"{service['metadata']['name']}: ports: expected {opened.get(each['name'])}, as {name} has {each['name']}, found {target}")
    if workload["kind"] == "StatefulSet" and workload["spec"]["serviceName"] not in cluster.of("Service"):
        faults.append(f"{name}: serviceName: expected a service, found {workload['spec']['serviceName']}")
    return faults


def network(cluster):
    """The policy is about the gateway, and lets the agents in where it listens."""
    faults = []
    pods = {w["metadata"]["name"]: w["spec"]["template"] for w in cluster.workloads()}
    for service in cluster.of("Service").values():
        if not any(matches(service["spec"]["selector"], p["metadata"]["labels"]) for p in pods.values()):
            faults.append(f"{service['metadata']['name']}: selector: expected labels of pods, found {service['spec']['selector']}")
    (policy,) = cluster.of("NetworkPolicy").values()
    gateway, agent = pods["otel-gateway"], pods["otel-agent"]
    if not matches(policy["spec"]["podSelector"]["matchLabels"], gateway["metadata"]["labels"]):
        faults.append(f"network policy: podSelector: expected the gateway's labels, found {policy['spec']['podSelector']}")
    (rule,) = policy["spec"]["ingress"]
    if not all(matches(f["podSelector"]["matchLabels"], agent["metadata"]["labels"]) for f in rule["from"]):
        faults.append(f"network policy: from: expected the agents' labels, found {rule['from']}")
    opened = {p["containerPort"] for p in gateway["spec"]["containers"][0]["ports"]}
    if not {p["port"] for p in rule["ports"]} <= opened:
        faults.append(f"network policy: ports: expected some of {sorted(opened)}, found {rule['ports']}")
    return faults


def rights(files, cluster):
    """Accounts that are bound exist, and k8s_attributes may read what it is told to extract."""
    faults = []
    (binding,) = cluster.of("ClusterRoleBinding").values()
    role = cluster.of("ClusterRole").get(binding["roleRef"]["name"])
    if role is None:
        return [f"{binding['metadata']['name']}: roleRef: expected a role, found {binding['roleRef']['name']}"]
    accounts = {(a["metadata"]["name"], a["metadata"].get("namespace")) for a in cluster.of("ServiceAccount").values()}
    for subject in binding["subjects"]:
        if (subject["name"], subject.get("namespace")) not in accounts:
            faults.append(f"{binding['metadata']['name']}: subjects: expected an account, found {subject['name']} in {subject.get('namespace')}")
    agent = cluster.of("DaemonSet")["otel-agent"]["spec"]["template"]["spec"]
    if agent["serviceAccountName"] not in [s["name"] for s in binding["subjects"]]:
        faults.append("otel-agent: serviceAccountName: expected an account that may list pods, found " + agent["serviceAccountName"])
    may = {(group, resource) for rule in role["rules"] for group in rule["apiGroups"] for resource in rule["resources"] if {"get", "list", "watch"} <= set(rule["verbs"])}
    extracted = files.yaml("collector-config/agent-kubernetes.yaml")["processors"]["k8s_attributes"]["extract"]["metadata"]
    wanted = {("", "pods"), ("", "namespaces")} | ({("apps", "replicasets")} if "k8s.deployment.name" in extracted else set())
    faults += [f"{role['metadata']['name']}: rules: expected that {resource} may be listed, found no such rule" for _, resource in sorted(wanted - may)]
    writes = {verb for rule in role["rules"] for verb in rule["verbs"]} - {"get", "list", "watch"}
    if writes:
        faults.append(f"{role['metadata']['name']}: rules: expected to read alone, found {sorted(writes)}")
    return faults


def gateway_addresses(files, cluster):
    """Where agents send to are services of the gateway, at ports that these have."""
    faults = []
    services = cluster.of("Service")
    agent = cluster.of("DaemonSet")["otel-agent"]["spec"]["template"]["spec"]["containers"][0]
    given = {e["name"]: e.get("value") for e in agent["env"]}
    resolver = files.yaml("collector-config/agent.yaml")["exporters"]["load_balancing"]["resolver"]["dns"]
    targets = {name: (host(given[name]), port(given[name])) for name in ("INNERSPAN_GATEWAY_METRICS", "INNERSPAN_GATEWAY_FINDINGS")}
    variable, default = ENVIRONMENT.fullmatch(resolver["port"]).groups()
    targets["INNERSPAN_GATEWAY"] = (given["INNERSPAN_GATEWAY"], int(given.get(variable, default[2:])))
    for name, (to, at) in targets.items():
        service = services.get(to)
        if service is None or at not in [p["port"] for p in service["spec"]["ports"]]:
            faults.append(f"otel-agent: {name}: expected a service and its port, found {to}:{at}")
    balanced = services.get(given["INNERSPAN_GATEWAY"])
    # Of a service with an address of its own DNS tells that one alone: there would be nothing to balance.
    if balanced is not None and balanced["spec"].get("clusterIP") != "None":
        faults.append(f"{given['INNERSPAN_GATEWAY']}: clusterIP: expected None, found {balanced['spec'].get('clusterIP')}")
    return faults


@needs("operator_module")
def operator_schema(files, known):
    return schemas.against(known.instrumentation, files.yaml(f"{MANIFESTS}/instrumentation.yaml"), "instrumentation.yaml")


@needs("operator_module", "kubectl")
def operator_references(files, known):
    instrumentation = files.yaml(f"{MANIFESTS}/instrumentation.yaml")
    spec = instrumentation["spec"]
    documents, _ = known.kustomize(files.root / "collector-config")
    faults = []
    name, _, namespace = host(spec["exporter"]["endpoint"]).partition(".")
    service = Cluster(documents).of("Service").get(name)
    if service is None or service["metadata"]["namespace"] != namespace:
        faults.append(f"instrumentation.yaml: endpoint: expected a service in its namespace, found {spec['exporter']['endpoint']}")
    else:
        at = [p["name"] for p in service["spec"]["ports"] if p["port"] == port(spec["exporter"]["endpoint"])]
        given = {e["name"]: e["value"] for e in spec["java"]["env"]}
        wanted = "otlp-http" if given["OTEL_EXPORTER_OTLP_PROTOCOL"].startswith("http") else "otlp-grpc"
        if at != [wanted]:
            faults.append(f"instrumentation.yaml: endpoint: expected the port of {wanted}, found {spec['exporter']['endpoint']}")
    env = {e["name"]: e["value"] for e in spec["java"]["env"]}
    faults += agent_settings(files, "instrumentation.yaml", env)
    faults += images(files, "instrumentation.yaml", spec["java"]["image"])
    for document in files.documents(f"{MANIFESTS}/example.yaml"):
        template = document["spec"]["template"]
        asked = template["metadata"]["annotations"].get("instrumentation.opentelemetry.io/inject-java")
        if asked != instrumentation["metadata"]["name"]:
            faults.append(f"example.yaml: annotations: expected {instrumentation['metadata']['name']}, found {asked}")
        mounted = [m["mountPath"] for c in template["spec"]["containers"] for m in c["volumeMounts"]]
        packs = env.get("OTEL_INSTRUMENTATION_INNERSPAN_PACKS")
        if packs not in mounted:
            faults.append(f"example.yaml: volumeMounts: expected {packs}, where packs are looked for, found {mounted}")
    return faults


@needs("operator_module")
def dockerfile(files, known):
    faults = []
    copies = re.findall(r"^COPY (\S+) (\S+)$", files.text(f"{MANIFESTS}/Dockerfile"), re.M)
    for source, target in copies:
        jars = [jar for jar in files.built("otel-extension/agent") if fnmatch.fnmatch(jar, source)]
        # Of several files the target would have to be a folder.
        if len(jars) != 1:
            faults.append(f"Dockerfile: COPY {source}: expected the one jar that otel-extension/agent builds, found {jars}")
        if not re.search(rf'"cp",\s*"{re.escape(target)}"', known.operator_java):
            faults.append(f"Dockerfile: COPY: expected the place that the operator copies from, found {target}")
    if not copies:
        faults.append("Dockerfile: expected a COPY, found none")
    faults += [f"Dockerfile: FROM: expected a version, found {image}" for image in re.findall(r"^FROM (\S+)$", files.text(f"{MANIFESTS}/Dockerfile"), re.M) if ":" not in image]
    return faults


CHECKS = [
    ("compose.yaml by the schema of the compose specification", compose_schema),
    ("compose.yaml: files, jars, services, ports, variables", compose_references),
    ("the kustomization by kubectl, its manifests and example.yaml by the schemas of Kubernetes " + schemas.KUBERNETES, kubernetes_schemas),
    ("the manifests: config maps, services, ports, accounts, variables", kubernetes_references),
    ("instrumentation.yaml by the operator's schema", operator_schema),
    ("instrumentation.yaml and example.yaml: services, settings, packs", operator_references),
    ("Dockerfile: the jar and where the operator looks for it", dockerfile),
]
