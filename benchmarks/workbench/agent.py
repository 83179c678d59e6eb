"""Runs token ids through a model in a JVM with the built agent, and reads what the agent put on the spans."""

import math
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds, for an agent that gives no readings


def one(folder, pattern, build):
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{folder}: expected one {pattern} (mvn package -pl {build} -am), found {len(found)}")
    return found[0]


def logits(packs, probe, model, rows):
    """The probe's logit of each row of token ids, from the score on its span: σ⁻¹ of it, as the probe has no calibration."""
    jar = os.environ.get("INNERSPAN_AGENT") or one(
        ROOT / "otel-extension" / "agent" / "target", "innerspan-javaagent-*[0-9T].jar", "otel-extension/agent")
    runtime = one(ROOT / "workbench" / "target" / "lib", "onnxruntime-*.jar", "workbench")
    with tempfile.TemporaryDirectory() as classes:
        # Compiled before: the agent does not start in the JDK's launcher of source files.
        subprocess.run([tool("javac"), "-d", classes, "-cp", str(runtime), pathlib.Path(__file__).with_name("Replay.java")],
                       check=True)
        return replayed(jar, f"{classes}{os.pathsep}{runtime}", packs, probe, model, rows)


def tool(name):
    return str(pathlib.Path(os.environ["JAVA_HOME"], "bin", name)) if "JAVA_HOME" in os.environ else name


def replayed(jar, class_path, packs, probe, model, rows):
    app = subprocess.Popen(
        [tool("java"), f"-javaagent:{jar}", "-Dotel.traces.exporter=logging-otlp", "-Dotel.metrics.exporter=none",
         "-Dotel.logs.exporter=none", "-Dotel.instrumentation.common.default-enabled=false",
         "-Dotel.instrumentation.innerspan.enabled=true", f"-Dotel.instrumentation.innerspan.packs={packs}",
         "-cp", class_path, "Replay", str(model)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = []
    patience = threading.Timer(PATIENCE, app.kill)
    patience.start()
    for line in app.stdout:
        told.append(line)
        if "readings on" in line:
            break
    else:
        sys.exit("the agent gave no readings:\n" + "".join(told[-20:]))
    app.stdin.write("".join(" ".join(map(str, row)) + "\n" for row in rows))
    app.stdin.close()
    told = app.stdout.read()
    patience.cancel()
    if app.wait() != 0:
        sys.exit("the application failed:\n" + told[-2000:])
    found = re.findall(r'"key":"innerspan\.probe\.' + probe + r'\.score","value":\{"doubleValue":([-+.eE\d]+)', told)
    if len(found) != len(rows):
        sys.exit(f"expected {len(rows)} spans with a score, found {len(found)}:\n" + told[-2000:])
    return [math.log(score) - math.log1p(-score) for score in map(float, found)]
