"""Makes layers.zip: a model file and expected outputs for each layer and option. Run: /usr/bin/python3 make_layers.py (needs numpy and h5py)."""
import json
import os
import zipfile

import basic_layers  # noqa: F401
import attention_layers  # noqa: F401
import graph_models  # noqa: F401
import sequence_layers  # noqa: F401
import more_layers  # noqa: F401
import later_layers  # noqa: F401
from cases import CASES

with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "layers.zip"), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
    for name, (extension, data, case) in CASES.items():
        for path, text in ((f"{name}/model.{extension}", data), (f"{name}/case.json", json.dumps(case))):
            z.writestr(zipfile.ZipInfo(path, (2025, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
print(len(CASES), "cases")
