"""OTLP over HTTP as JSON, as little of it as the test sends."""

import json
import time
import urllib.request


def value(x):
    if isinstance(x, bool):
        return {"boolValue": x}
    if isinstance(x, int):
        return {"intValue": str(x)}
    if isinstance(x, float):
        return {"doubleValue": x}
    if isinstance(x, list):
        return {"arrayValue": {"values": [value(member) for member in x]}}
    return {"stringValue": x}


def plain(x):
    """The other way."""
    (kind, inner), = x.items() or [("stringValue", None)]
    if kind == "kvlistValue":
        return {member["key"]: plain(member["value"]) for member in inner.get("values", [])}
    if kind == "arrayValue":
        return [plain(member) for member in inner.get("values", [])]
    return int(inner) if kind == "intValue" else inner


def attributes(values):
    return [{"key": key, "value": value(x)} for key, x in values.items()]


def span(trace_id, span_id, name, values=None, parent=None, failed=False, **more):
    now = time.time_ns()
    made = {
        "traceId": trace_id,
        "spanId": span_id,
        "name": name,
        "kind": 1,
        "startTimeUnixNano": str(now - 1_000_000),
        "endTimeUnixNano": str(now),
        "attributes": attributes(values or {}),
        "status": {"code": 2} if failed else {},
    }
    if parent:
        made["parentSpanId"] = parent
    return made | more


def traces(spans, resource):
    return {"resourceSpans": [{"resource": {"attributes": attributes(resource)}, "scopeSpans": [{"scope": {"name": "test"}, "spans": spans}]}]}


def log(values, body=None, **more):
    made = {"timeUnixNano": str(time.time_ns()), "severityNumber": 13, "attributes": attributes(values)}
    if body is not None:
        made["body"] = value(body)
    return made | more


def logs(records, resource):
    return {"resourceLogs": [{"resource": {"attributes": attributes(resource)}, "scopeLogs": [{"scope": {"name": "test"}, "logRecords": records}]}]}


def counter(name, unit, number, values, resource):
    now = time.time_ns()
    point = {"startTimeUnixNano": str(now - 60_000_000_000), "timeUnixNano": str(now), "asInt": str(number), "attributes": attributes(values)}
    metric = {"name": name, "unit": unit, "sum": {"aggregationTemporality": 2, "isMonotonic": True, "dataPoints": [point]}}
    return {"resourceMetrics": [{"resource": {"attributes": attributes(resource)}, "scopeMetrics": [{"scope": {"name": "test"}, "metrics": [metric]}]}]}


def histogram(name, unit, number, values, resource):
    """One value."""
    now = time.time_ns()
    point = {
        "startTimeUnixNano": str(now - 60_000_000_000),
        "timeUnixNano": str(now),
        "count": "1",
        "sum": number,
        "bucketCounts": ["0", "1"],
        "explicitBounds": [0.0],
        "attributes": attributes(values),
    }
    metric = {"name": name, "unit": unit, "histogram": {"aggregationTemporality": 2, "dataPoints": [point]}}
    return {"resourceMetrics": [{"resource": {"attributes": attributes(resource)}, "scopeMetrics": [{"scope": {"name": "test"}, "metrics": [metric]}]}]}


def post(endpoint, signal, request):
    """Sends one request; raises unless it was taken as a whole."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    call = urllib.request.Request(f"{endpoint}/v1/{signal}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(call, timeout=20) as response:
        answer = json.loads(response.read() or b"{}")
    if answer.get("partialSuccess"):
        raise AssertionError(f"{signal}: taken in part: {answer}")
