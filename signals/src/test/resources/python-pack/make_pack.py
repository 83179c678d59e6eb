import os
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
rng = np.random.default_rng(7)
d = 8
X = rng.normal(size=(200, d)).astype(np.float32) * 3 + 1
y = (X[:, 0] - X[:, 3] + rng.normal(size=200) > 0).astype(int)
scaler = StandardScaler().fit(X)
clf = LogisticRegression().fit(scaler.transform(X), y)
x = X[:3]
input_ids = np.array([[101, 7592, 102, 0], [101, 2088, 999, 102], [101, 102, 0, 0]])
attention_mask = (input_ids != 0).astype(np.int64)
model_sha256 = "0123456789abcdef" * 4
os.makedirs("pack", exist_ok=True)
import hashlib, json, numpy as np
from safetensors.numpy import save_file

w = np.float32(clf.coef_ / scaler.scale_)                       # the scaler folded in: [1, width]
b = np.float32(clf.intercept_ - w @ scaler.mean_)               # [1]
logit = np.float32(x.astype(np.float64) @ w[0] + b)             # [n], of the rounded weights
save_file({"weight": w, "bias": b, "x": x, "logit": logit, "input_ids": input_ids,
           "attention_mask": attention_mask}, "pack/probe.safetensors")
data = open("pack/probe.safetensors", "rb").read()
t = {k: {"file": "probe.safetensors", "tensor": k}
     for k in ("weight", "bias", "x", "logit", "input_ids", "attention_mask")}
json.dump({"schema_version": "1.0", "name": "my-probe", "version": "1.0.0", "licence": "MIT",
  "model": {"name": "all-MiniLM-L6-v2", "sha256": model_sha256},
  "files": {"probe.safetensors": {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}},
  "signals": [{"id": "my_probe", "kind": "linear_probe", "pooling": {"kind": "mean"},
    "hook_point": "blocks.4.hook_normalized_resid_post", "weight": t["weight"], "bias": t["bias"],
    "golden": {"x": t["x"], "logit": t["logit"]}}],
  "golden_inputs": [{"inputs": {n: t[n] for n in ("input_ids", "attention_mask")},
    "logits": {"my_probe": t["logit"]}}]}, open("pack/probe.json", "w"), indent=2)
