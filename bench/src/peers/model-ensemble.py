"""What model-ensemble measures beside: scikit-learn's random forest and XGBoost on one thread, on the same rows and columns."""

import json
import os
import sys

import numpy as np
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier


def table(folder, name, columns):
    return np.fromfile(os.path.join(folder, name), dtype="<f4").reshape(-1, columns)


def fit(ask):
    """Learns rows, and keeps the probability of each class of the other rows."""
    folder, columns = ask["folder"], ask["columns"]
    x, test = table(folder, ask["train"], columns), table(folder, ask["test"], columns)
    y = table(folder, ask["labels"], 1)[:, 0].astype(int)
    if ask["model"] == "forest":
        model = RandomForestClassifier(n_estimators=100, n_jobs=1, random_state=ask["seed"])
    else:
        model = xgb.XGBClassifier(n_estimators=100, max_depth=6, tree_method="hist", n_jobs=1, random_state=ask["seed"])
    model.fit(x, y)
    model.predict_proba(test).astype("<f4").tofile(os.path.join(folder, ask["out"]))
    return {"classes": int(y.max()) + 1}


for line in sys.stdin:
    ask = json.loads(line)
    print(json.dumps({"ready": True} if "ready" in ask else fit(ask)), flush=True)
