"""Makes hdf5.zip: files in every layout that the reader knows, with their values. Run: /usr/bin/python3 make_hdf5.py (needs numpy and h5py)."""
import io
import json
import os
import zipfile

import h5py
import numpy as np

rng = np.random.default_rng(7)
FILES = {}


def case(name, fill, refused=(), **options):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w", **options) as f:
        fill(f)
    data = buffer.getvalue()
    values = {}
    with h5py.File(io.BytesIO(data), "r") as f:
        def visit(path, item):
            entry = {"attributes": {}}
            for key, value in item.attrs.items():
                if isinstance(value, bytes):
                    entry["attributes"][key] = [value.decode()]
                elif isinstance(value, str):
                    entry["attributes"][key] = [value]
                elif getattr(value, "dtype", None) is not None and value.dtype.kind in "SO":
                    entry["attributes"][key] = [v.decode() if isinstance(v, bytes) else v for v in value.reshape(-1)]
            if isinstance(item, h5py.Dataset) and item.shape is not None:
                entry["shape"] = list(item.shape)
                v = np.asarray(item[()])
                entry["values"] = [x.decode() for x in v.reshape(-1)] if v.dtype.kind in "SO" else v.astype(np.float64).reshape(-1).tolist()
            values[path] = entry
        f.visititems(visit)
        visit("", f)
    FILES[name] = (data, {"items": values, "refused": list(refused)})


def types(f):
    x = rng.standard_normal((3, 4))
    for t in ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "<i1", "<i2", ">i2", "<i4", ">i4", "<i8", ">i8", "<u1", "<u2", ">u4", "<u8", "?"]:
        f["g/" + t.replace("<", "le_").replace(">", "be_").replace("?", "bool")] = (x * 10).astype(t)
    f["scalar"] = np.float32(2.5)
    f["empty"] = np.zeros((0, 3), np.float32)
    f["texts"] = np.array([b"one", b"three", b""])
    f["heap"] = np.array(["ein", "zw\u00f6lf", ""], dtype=object)
    f["unwritten"] = np.zeros(2, np.float32)
    f.create_dataset("fill", (5,), "<f4", fillvalue=1.25)
    f.create_dataset("zero", (5,), "<f4")
    f.attrs["text"] = "a text"
    f.attrs["bytes"] = b"some bytes"
    f.attrs["fixed"] = np.array([b"a", b"bcd"])
    f.attrs["heap"] = np.array(["x", "yz"], dtype=object)
    f.attrs["none"] = []
    f["g"].attrs["long"] = ("abc\u00e9" * 5000).encode()


def chunks(f):
    x = rng.standard_normal((13, 7, 5)).astype(np.float32)
    f.create_dataset("plain", data=x, chunks=(4, 3, 5))
    f.create_dataset("deflate", data=x, chunks=(4, 3, 5), compression="gzip", compression_opts=9)
    f.create_dataset("shuffled", data=x, chunks=(5, 7, 2), compression="gzip", shuffle=True)
    f.create_dataset("checked", data=x, chunks=(5, 7, 2), fletcher32=True)
    f.create_dataset("all", data=x, chunks=(13, 7, 5), compression="gzip", shuffle=True, fletcher32=True)
    f.create_dataset("odd", data=(x[0] * 100).astype(np.int8)[:, :3], chunks=(3, 3), fletcher32=True)
    part = f.create_dataset("part", (40,), "<f4", chunks=(8,), fillvalue=-1.0, compression="gzip")
    part[16:20] = 3.0
    f.create_dataset("many", data=rng.standard_normal((600, 4)).astype(np.float32), chunks=(1, 4))


def compact(f):
    space = h5py.h5s.create_simple((3,))
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    d = h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, space, plist)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, 2, 3], np.float32))


def many(f):
    for i in range(300):
        f.create_group(f"group_{i:03}")
    for i in range(40):
        f["group_007"].attrs[f"attribute {i}"] = f"value {i}"
    f["group_008/deep/deeper/deepest"] = np.arange(4, dtype=np.float32)


def growing(f):
    f.create_dataset("two", data=rng.standard_normal((9, 9)).astype(np.float32), chunks=(2, 3), maxshape=(None, None))
    f.create_dataset("two_deflate", data=rng.standard_normal((9, 9)).astype(np.float32), chunks=(2, 3), maxshape=(None, None), compression="gzip")


for label, options in [("earliest", {"libver": "earliest"}), ("default", {}), ("latest", {"libver": "latest"}), ("v110", {"libver": ("v110", "v110")})]:
    case(f"types-{label}", types, **options)
    case(f"chunks-{label}", chunks, **options)
    case(f"many-{label}", many, **options)
    case(f"growing-{label}", growing, **options)
case("compact", compact)
case("userblock", types, userblock_size=1024)
case("tracked", many, libver="latest", track_order=True)
case("growing-one", lambda f: f.create_dataset("one", data=np.arange(90, dtype=np.float32), chunks=(4,), maxshape=(None,)), refused=["one"], libver="latest")
case("other-filter", lambda f: f.create_dataset("lzf", data=np.arange(90, dtype=np.float32), chunks=(40,), compression="lzf"), refused=["lzf"])
case("paged", lambda f: f.create_dataset("paged", data=rng.standard_normal((2100, 2)).astype(np.float32), chunks=(1, 2)), libver="latest")

with zipfile.ZipFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hdf5.zip"), "w") as z:
    for name, (data, spec) in FILES.items():
        for path, text in ((f"{name}/file.h5", data), (f"{name}/values.json", json.dumps(spec))):
            z.writestr(zipfile.ZipInfo(path, (2025, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED, 9)
print(len(FILES), "files")
