"""What model-sessions judges beside: scikit-learn's random forest and XGBoost, on one thread, on the same table."""

import json
import os
import sys

import numpy as np
import xgboost as xgb
from sklearn.ensemble import RandomForestClassifier

folder = ""


def table(name, columns):
    """This scikit-learn takes no missing values: no column is ever below 0, and so -1 stands for them, for both peers."""
    return np.nan_to_num(np.fromfile(os.path.join(folder, name), dtype="<f4").reshape(-1, columns), nan=-1)


def forest(seed):
    return RandomForestClassifier(n_estimators=300, n_jobs=1, random_state=seed)


def boosted(seed):
    return xgb.XGBClassifier(
        n_estimators=300, max_depth=6, learning_rate=0.1, colsample_bytree=0.8, n_jobs=1, tree_method="hist", random_state=seed
    )


KINDS = {"forest": forest, "boosted": boosted}


def answer(ask):
    global folder
    if "folder" in ask:
        folder = ask["folder"]
    if "kind" not in ask:
        return {}
    columns = ask["columns"]
    model = KINDS[ask["kind"]](ask["seed"])
    model.fit(table("learned.f32", columns), table("learned-labels.f32", 1)[:, 0].astype(int))
    shares = model.predict_proba(table("judged.f32", columns))
    told = model.classes_[shares.argmax(axis=1)]
    return {"told": [int(code) for code in told], "attack": [float(share) for share in shares[:, 1:].sum(axis=1)]}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
