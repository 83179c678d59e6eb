"""Checks compose.yaml, the Kubernetes manifests and the Dockerfile without a container engine or a cluster. See ../check.sh."""

import argparse
import pathlib
import sys
import tempfile

import deployments
import mutations
import schemas

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compose", default="", help="the module compose-go")
    parser.add_argument("--operator", default="", help="the module opentelemetry-operator")
    parser.add_argument("--kubectl", default="")
    arguments = parser.parse_args()
    known = schemas.Schemas(arguments.compose, arguments.operator, arguments.kubectl)
    passed = failed = 0
    for name, check in deployments.CHECKS:
        missing = known.missing(check)
        if missing:
            print(f"LEFT OUT  {name}: {missing}")
            continue
        faults = deployments.faults(check, deployments.Files(ROOT), known)
        passed, failed = (passed, failed + 1) if faults else (passed + 1, failed)
        print(f"ok        {name}" if not faults else f"FAILED    {name}")
        for fault in faults:
            print(f"          {fault}")
    # Whether the checks can fail: each mistake of a list, made in a copy, must be found.
    with tempfile.TemporaryDirectory() as folder:
        found, left, unseen = mutations.run(ROOT, pathlib.Path(folder), known)
    passed += not unseen
    failed += bool(unseen)
    print(f"{'FAILED   ' if unseen else 'ok       '} {found} of {found + len(unseen)} mistakes that were made on purpose are found" + (f", {left} left out" if left else ""))
    for mistake in unseen:
        print(f"          not found: {mistake}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
