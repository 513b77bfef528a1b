"""What learn-trees measures beside: scikit-learn and XGBoost on one thread, CPU time of the fit or score alone."""

import json
import os
import sys
import time

import numpy as np
import xgboost as xgb
from sklearn.ensemble import IsolationForest, RandomForestClassifier

folder = ""
tables = {}
state = {}


def table(name, columns):
    """A table of single precision, as both sides read it: read once, before any clock."""
    if name not in tables:
        tables[name] = np.fromfile(os.path.join(folder, name), dtype="<f4").reshape(-1, columns)
    return tables[name]


def labels(name):
    return table(name, 1)[:, 0]


def timed(times, act):
    """Milliseconds of CPU time a run, and what the last one gave."""
    began = time.process_time()
    for _ in range(times):
        result = act()
    return (time.process_time() - began) * 1000 / times, result


def keep(name, values):
    np.asarray(values, dtype="<f4").tofile(os.path.join(folder, name))


def isolation_fit(ask):
    x = table("isolation.f32", ask["columns"])
    forest = IsolationForest(n_estimators=100, max_samples=256, n_jobs=1, random_state=ask["seed"])
    spent, state["isolation"] = timed(ask["times"], lambda: forest.fit(x))
    keep("isolation-peer.f32", -forest.score_samples(x))
    return spent


def isolation_score(ask):
    x = table("isolation.f32", ask["columns"])
    return timed(ask["times"], lambda: state["isolation"].score_samples(x))[0]


def isolation_one(ask):
    row = table("isolation.f32", ask["columns"])[:1]
    return timed(ask["times"], lambda: state["isolation"].score_samples(row))[0]


PARAMS = {"max_depth": 6, "eta": 0.1, "nthread": 1, "tree_method": "hist", "objective": "binary:logistic"}


def boost_fit(ask):
    x, y = table(f"boost-{ask['rows']}.f32", ask["columns"]), labels(f"boost-{ask['rows']}-labels.f32")
    # A matrix of its own for each fit, so that none finds the quantiles of the one before; making it is not counted.
    data = [xgb.DMatrix(x, y, nthread=1) for _ in range(ask["times"])]
    spent, booster = timed(ask["times"], lambda: xgb.train(PARAMS, data.pop(), 100))
    booster.save_model(os.path.join(folder, f"boost-{ask['rows']}.json"))
    keep("boost-peer.f32", booster.predict(xgb.DMatrix(table("boost-test.f32", ask["columns"]))))
    return spent


def boost_predict(ask):
    """By the quicker one of two ways: over matrices that were made before, or in place."""
    x = table(f"boost-{ask['rows']}.f32", ask["columns"])
    booster = xgb.Booster({"nthread": 1})
    booster.load_model(os.path.join(folder, f"boost-{ask['rows']}.json"))
    data = [xgb.DMatrix(x, nthread=1) for _ in range(ask["times"])]
    over, found = timed(ask["times"], lambda: booster.predict(data.pop()))
    place, _ = timed(ask["times"], lambda: booster.inplace_predict(x))
    keep("boost-predicted-peer.f32", found)
    return min(over, place)


def boost_one(ask):
    row = table(f"boost-{ask['rows']}.f32", ask["columns"])[:1]
    booster = xgb.Booster({"nthread": 1})
    booster.load_model(os.path.join(folder, f"boost-{ask['rows']}.json"))
    return timed(ask["times"], lambda: booster.inplace_predict(row))[0]


def forest_fit(ask):
    x, y = table("forest.f32", ask["columns"]), labels("forest-labels.f32").astype(np.int64)
    forest = RandomForestClassifier(n_estimators=100, n_jobs=1, random_state=ask["seed"])
    spent, state["forest"] = timed(ask["times"], lambda: forest.fit(x, y))
    keep("forest-peer.f32", forest.predict(table("forest-test.f32", ask["columns"])))
    return spent


def forest_predict(ask):
    x = table("forest-test.f32", ask["columns"])
    return timed(ask["times"], lambda: state["forest"].predict(x))[0]


CASES = {
    each.__name__: each
    for each in (
        isolation_fit,
        isolation_score,
        isolation_one,
        boost_fit,
        boost_predict,
        boost_one,
        forest_fit,
        forest_predict,
    )
}

for line in sys.stdin:
    request = json.loads(line)
    if "folder" in request:
        folder = request["folder"]
    answer = {"spent": CASES[request["case"]](request)} if "case" in request else {}
    print(json.dumps(answer), flush=True)
