"""Published schemas, as far as they could be got."""

import copy
import functools
import json
import pathlib
import subprocess

import jsonschema
import kubernetes_validate
import yaml

# The version of Kubernetes whose schemas hold.
KUBERNETES = "1.32"


class Schemas:
    def __init__(self, compose, operator, kubectl):
        self.compose_module = pathlib.Path(compose) if compose else None
        self.operator_module = pathlib.Path(operator) if operator else None
        self.kubectl = kubectl

    def missing(self, check):
        """Why a check cannot be made, or nothing."""
        for need in getattr(check, "needs", ()):
            if not getattr(self, need):
                return {
                    "compose_module": "the Go module compose-go could not be had",
                    "operator_module": "the Go module opentelemetry-operator could not be had",
                    "kubectl": "no kubectl",
                }[need]
        return ""

    @functools.cached_property
    def compose(self):
        return json.loads((self.compose_module / "schema/compose-spec.json").read_text())

    @functools.cached_property
    def instrumentation(self):
        """The operator's own schema of an Instrumentation, which knows no other fields."""
        text = (self.operator_module / "config/crd/bases/opentelemetry.io_instrumentations.yaml").read_text()
        (version,) = [v for v in yaml.safe_load(text)["spec"]["versions"] if v["name"] == "v1alpha1"]
        return strict(version["schema"]["openAPIV3Schema"])

    @functools.cached_property
    def operator_java(self):
        return (self.operator_module / "internal/instrumentation/javaagent.go").read_text()

    def kustomize(self, folder):
        """What kubectl makes of a folder, and what it says when it does not."""
        done = subprocess.run([self.kubectl, "kustomize", str(folder)], capture_output=True, text=True)
        return ([d for d in yaml.safe_load_all(done.stdout) if d] if done.returncode == 0 else []), done.stderr.strip()


def strict(schema):
    """An API server drops unknown fields, or warns of them: here they are mistakes."""
    schema = copy.deepcopy(schema)
    if isinstance(schema, dict):
        if schema.pop("x-kubernetes-int-or-string", False):
            return {"type": ["integer", "string"]}
        if isinstance(schema.get("properties"), dict):
            schema["properties"] = {name: strict(s) for name, s in schema["properties"].items()}
            if "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
                schema["additionalProperties"] = False
        for name in ("items", "additionalProperties"):
            if isinstance(schema.get(name), dict):
                schema[name] = strict(schema[name])
    return schema


def against(schema, document, where):
    """A line for each place where a document breaks a schema."""
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    errors = sorted(kind(schema).iter_errors(document), key=lambda e: [str(x) for x in e.absolute_path])
    return [f"{where}: {'.'.join(str(x) for x in e.absolute_path) or 'as a whole'}: {e.message[:300]}" for e in errors]


def kubernetes(document, where):
    try:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as e:
        return [f"{where}: {'.'.join(str(x) for x in e.path) or 'as a whole'}: {e.message[:300]}"]
    except kubernetes_validate.SchemaNotFoundError as e:
        return [f"{where}: expected a kind of Kubernetes {KUBERNETES}, found {e.kind} {e.api_version}"]
    return []
