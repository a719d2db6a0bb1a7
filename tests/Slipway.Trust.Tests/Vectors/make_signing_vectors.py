#!/usr/bin/python3
"""Makes the golden vectors of model signing in signing/, from the published specifications alone (OpenSSF Model Signing v1.0, DSSE v1, in-toto Statement v1,
Sigstore bundle v0.3) with python3-cryptography: an implementation that shares no code with what is tested. Run it in this folder to make them anew."""
import base64, datetime, hashlib, json, os
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "signing")
FILES = {"config.json": b'{"layers": 2}\n', "subdir/adapter.bin": bytes(range(200)), "weights.bin": b"0123456789" * 100, "a.txt": b"first", "a/b": b"", "\U0001F600.bin": b"face", "\uFB00.bin": b"ligature"}
HASH = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
INTOTO = "application/vnd.in-toto+json"
index = []

def keypair(curve):
    return ec.generate_private_key(curve)

def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

def resources(files=FILES):
    # Code point order of the names.
    return [{"name": n, "algorithm": "sha256", "digest": hashlib.sha256(files[n]).hexdigest()} for n in sorted(files)]

def root(items):
    return hashlib.sha256(b"".join(bytes.fromhex(r["digest"]) for r in items)).hexdigest()

def statement(items=None, **change):
    items = resources() if items is None else items
    made = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "model", "digest": {"sha256": root(items)}}],
            "predicateType": "https://model_signing/signature/v1.0",
            "predicate": {"resources": items, "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": [".git", "ignore-me"]}}}
    made.update(change)
    return made

def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)

def sign(key, payload, kind=INTOTO):
    if isinstance(key, rsa.RSAPrivateKey):
        from cryptography.hazmat.primitives.asymmetric import padding
        return key.sign(pae(kind, payload), padding.PKCS1v15(), hashes.SHA256())
    return key.sign(pae(kind, payload), ec.ECDSA(HASH[key.curve.key_size]))

def bundle(material, payload, signature, kind=INTOTO, media="application/vnd.dev.sigstore.bundle.v0.3+json"):
    return {"mediaType": media, "verificationMaterial": material,
            "dsseEnvelope": {"payload": base64.b64encode(payload).decode(), "payloadType": kind, "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": ""}]}}

def hint(key):
    return {"publicKey": {"hint": hashlib.sha256(public_pem(key)).hexdigest()}, "tlogEntries": []}

def write(name, content, trust, error=None, raw=None):
    with open(os.path.join(HERE, name + ".sig"), "wb") as out:
        out.write(raw if raw is not None else json.dumps(content).encode())
    index.append({"name": name, "trust": trust, "error": error})

def by_key(name, key, trust, error=None, made=None, kind=INTOTO, signed=None, indent=None, **more):
    payload = json.dumps(made if made is not None else statement(), indent=indent).encode()
    write(name, bundle(hint(key), payload, sign(key, signed if signed is not None else payload, kind), kind, **more), trust, error)

os.makedirs(HERE, exist_ok=True)
for old in os.listdir(HERE):
    os.remove(os.path.join(HERE, old))
with open(os.path.join(HERE, "files.json"), "w") as out:
    json.dump({n: base64.b64encode(c).decode() for n, c in FILES.items()}, out)

keys = {"p256": keypair(ec.SECP256R1()), "p384": keypair(ec.SECP384R1()), "p521": keypair(ec.SECP521R1()), "other": keypair(ec.SECP256R1())}
for name, key in keys.items():
    with open(os.path.join(HERE, name + ".pub.pem"), "wb") as out:
        out.write(public_pem(key))
p256 = keys["p256"]

# Valid ones.
for name in ("p256", "p384", "p521"):
    by_key(name, keys[name], name)
by_key("indented", keys["p384"], "p384", indent=2)
payload = json.dumps(statement()).encode()
old = bundle({"publicKey": {"rawBytes": base64.b64encode(public_pem(p256)).decode(), "keyDetails": "PKIX_ECDSA_P256_SHA_256"}}, payload, sign(p256, payload))
old["dsseEnvelope"]["signatures"][0]["keyid"] = None
write("before-1.1", old, "p256")
absent = bundle(hint(p256), payload, sign(p256, payload))
del absent["dsseEnvelope"]["signatures"][0]["keyid"], absent["verificationMaterial"]["tlogEntries"]
write("no-keyid", absent, "p256")
extra = resources(); extra[0]["annotations"] = {"x": 1}; extra[1]["uri"] = "file://x"
by_key("further-fields", p256, "p256", made=statement(extra))
shards = [{"name": "%s:%d:%d" % (n, s, min(s + 64, len(FILES[n]))), "algorithm": "sha256", "digest": hashlib.sha256(FILES[n][s:s + 64]).hexdigest()}
          for n in sorted(FILES) for s in range(0, len(FILES[n]), 64)]
def sharded(items, size=64, **change):
    made = statement(items)
    made["predicate"]["serialization"] = {"method": "shards", "hash_type": "sha256", "shard_size": size, "allow_symlinks": False, **change}
    return made
by_key("shards", p256, "p256", made=sharded(shards))
by_key("shards-old-words", p256, "p256", made=sharded([{**r, "algorithm": "sha256-sharded-64"} for r in shards], 64.0))

# Invalid signatures and confusion of keys.
by_key("other-key", keys["other"], "p256", "key .* not trusted")
confused = json.dumps(statement()).encode()
write("hint-of-another", bundle(hint(p256), confused, sign(keys["other"], confused)), "p256", "does not hold")
by_key("p384-for-p256", keys["p384"], "p256", "not trusted")
flipped = bytearray(sign(p256, payload)); flipped[-1] ^= 1
write("invalid-signature", bundle(hint(p256), payload, bytes(flipped)), "p256", "does not hold")
write("empty-signature", bundle(hint(p256), payload, b""), "p256", "does not hold")
altered = json.dumps(statement(resources({**FILES, "weights.bin": b"evil"}))).encode()
write("invalid-payload", bundle(hint(p256), altered, sign(p256, payload)), "p256", "does not hold")
write("signed-without-pae", bundle(hint(p256), payload, p256.sign(payload, ec.ECDSA(hashes.SHA256()))), "p256", "does not hold")
write("other-hash", bundle(hint(keys["p384"]), payload, keys["p384"].sign(pae(INTOTO, payload), ec.ECDSA(hashes.SHA256()))), "p384", "does not hold")
by_key("wrong-payload-type", p256, "p256", "application/octet-stream", kind="application/octet-stream")
none = bundle(hint(p256), payload, b""); none["dsseEnvelope"]["signatures"] = []
write("no-signature", none, "p256", "exactly one")
two = bundle(hint(p256), payload, sign(p256, payload)); two["dsseEnvelope"]["signatures"] *= 2
write("two-signatures", two, "p256", "exactly one")

# Invalid statements under valid signatures.
by_key("wrong-statement-type", p256, "p256", "_type", made=statement(_type="https://in-toto.io/Statement/v0.1"))
by_key("wrong-predicate", p256, "p256", "predicateType", made=statement(predicateType="https://slsa.dev/provenance/v1"))
by_key("old-predicate", p256, "p256", "before version 1.0", made=statement(predicateType="https://model_signing/Digests/v0.1"))
by_key("no-resources", p256, "p256", "resources", made=statement([]))
bare = statement(); del bare["predicate"]["serialization"]
by_key("no-serialization", p256, "p256", "serialization", made=bare)
by_key("no-predicate", p256, "p256", "predicate", made=statement(predicate=None))
by_key("two-subjects", p256, "p256", "subjects", made=statement(subject=statement()["subject"] * 2))
by_key("wrong-root", p256, "p256", "not the digest of the resources", made=statement(subject=[{"name": "m", "digest": {"sha256": "0" * 64}}]))
by_key("twice", p256, "p256", "twice", made=statement(resources() + resources()[-1:]))
for number, bad in enumerate(["../weights.bin", "/etc/passwd", "sub//x", "./config.json", "sub/../weights.bin", "..", "sub\\x", "C:/x", "", "line\nfeed", "trailing/", "nul\u0000"]):
    by_key("name-%d" % number, p256, "p256", "name", made=statement(sorted(resources() + [{"name": bad, "algorithm": "sha256", "digest": "0" * 64}], key=lambda r: r["name"])))
by_key("digest-upper-case", p256, "p256", "digest", made=statement([{**r, "digest": r["digest"].upper()} for r in resources()]))
by_key("digest-short", p256, "p256", "digest", made=statement([{**r, "digest": r["digest"][:32]} for r in resources()]))
by_key("mixed-algorithms", p256, "p256", "algorithm", made=statement([{**r, "algorithm": "blake2b"} for r in resources()]))
blake = statement(); blake["predicate"]["serialization"]["hash_type"] = "blake3"
by_key("blake3", p256, "p256", "blake3", made=blake)
method = statement(); method["predicate"]["serialization"]["method"] = "chunks"
by_key("unknown-method", p256, "p256", "chunks", made=method)
by_key("shards-with-gap", p256, "p256", "does not speak for all", made=sharded([r for r in shards if r["name"] != "weights.bin:64:128"]))
by_key("shards-cut", p256, "p256", "not as it was signed", made=sharded(shards[:-1] if shards[-1]["name"].startswith("weights") else [r for r in shards if r["name"] != "weights.bin:960:1000"]))
by_key("shard-size-0", p256, "p256", "shard_size", made=sharded(shards, 0))
twice_named = json.dumps(statement())[:-1].encode() + b', "predicateType": "https://model_signing/signature/v1.0"}'
write("field-twice", bundle(hint(p256), twice_named, sign(p256, twice_named)), "p256", "not valid JSON")

# Invalid bundles.
whole = json.dumps(bundle(hint(p256), payload, sign(p256, payload))).encode()
write("truncated", None, "p256", "not valid JSON", raw=whole[:100])
write("empty", None, "p256", "not valid JSON", raw=b"")
write("not-json", None, "p256", "not valid JSON", raw=b"\x00\x01garbage")
write("a-list", None, "p256", "object", raw=b"[]")
write("wrong-media-type", bundle(hint(p256), payload, sign(p256, payload), media="application/vnd.dev.sigstore.bundle.v0.1+json"), "p256", "mediaType")
lost = bundle(hint(p256), payload, b"x"); del lost["dsseEnvelope"]
write("no-envelope", lost, "p256", "dsseEnvelope")
write("no-material", {k: v for k, v in bundle(hint(p256), payload, b"x").items() if k != "verificationMaterial"}, "p256", "verificationMaterial")
write("two-materials", bundle({**hint(p256), "x509CertificateChain": {"certificates": []}}, payload, b"x"), "p256", "exactly one of")
write("deep", None, "p256", "not valid JSON", raw=b'{"a":' * 1000 + b"1" + b"}" * 1000)

# Certificates. Valid from 2025 to 2035; the test says when it is.
def certificate(name, key, issuer_name, issuer_key, ca=False, usage=True, extended=(ExtendedKeyUsageOID.CODE_SIGNING,), first=2025, last=2035, alternative=None, cert_sign=None):
    person = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
    made = (x509.CertificateBuilder().subject_name(person(name)).issuer_name(person(issuer_name)).public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(first, 1, 1)).not_valid_after(datetime.datetime(last, 1, 1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False))
    if usage is not None:
        made = made.add_extension(x509.KeyUsage(usage, False, False, False, False, ca if cert_sign is None else cert_sign, False, False, False), critical=True)
    if extended and not (ca and cert_sign is None):
        made = made.add_extension(x509.ExtendedKeyUsage(list(extended)), critical=False)
    if alternative:
        made = made.add_extension(x509.SubjectAlternativeName([x509.RFC822Name(alternative)]), critical=False)
    return made.sign(issuer_key, hashes.SHA256())

def der(made):
    return {"rawBytes": base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()}

root_key, between_key, leaf_key, wrong_key = (keypair(ec.SECP384R1()) for _ in range(4))
authority = certificate("Root", root_key, "Root", root_key, ca=True, usage=False)
between = certificate("Between", between_key, "Root", root_key, ca=True, usage=False)
wrong = certificate("Root", wrong_key, "Root", wrong_key, ca=True, usage=False)
alone = certificate("Alone", leaf_key, "Alone", leaf_key, ca=True, cert_sign=False)
for name, made in (("root", authority), ("wrong-root", wrong), ("self", alone), ("between", between)):
    with open(os.path.join(HERE, name + ".cert.pem"), "wb") as out:
        out.write(made.public_bytes(serialization.Encoding.PEM))

def by_chain(name, chain, trust, error=None, key=leaf_key, made=None):
    text = json.dumps(made or statement()).encode()
    write(name, bundle({"x509CertificateChain": {"certificates": [der(c) for c in chain]}, "tlogEntries": []}, text, sign(key, text)), trust, error)

leaf = lambda **change: certificate("signer", leaf_key, "Between", between_key, **change)
by_chain("chain", [leaf(), between], "root")
by_chain("chain-with-root", [leaf(), between, authority], "root")
by_chain("chain-usage-only", [leaf(extended=None), between], "root")
by_chain("chain-extended-only", [leaf(usage=None), between], "root")
by_chain("chain-named", [leaf(alternative="ml@example.com"), between], "root+ml@example.com")
by_chain("chain-alone", [alone], "self")
by_chain("chain-other-name", [leaf(alternative="eve@example.com"), between], "root+ml@example.com", "not among those that are trusted")
by_chain("chain-wrong-root", [leaf(), between], "wrong-root", "not trusted")
by_chain("chain-brings-its-root", [certificate("signer", leaf_key, "Root", wrong_key), wrong], "root", "not trusted")
by_chain("chain-without-between", [leaf()], "root", "not trusted")
by_chain("chain-trusts-between-only", [leaf(), between], "between", "not trusted")
by_chain("chain-expired", [leaf(first=2020, last=2021), between], "root", "not valid at this time")
by_chain("chain-not-yet", [leaf(first=2034, last=2035), between], "root", "not valid at this time")
by_chain("chain-for-servers", [leaf(extended=(ExtendedKeyUsageOID.SERVER_AUTH,)), between], "root", "may not be used to sign")
by_chain("chain-not-for-signatures", [leaf(usage=False), between], "root", "may not be used to sign")
by_chain("chain-no-usage", [leaf(usage=None, extended=None), between], "root", "may not be used to sign")
by_chain("chain-issued-by-a-leaf", [certificate("grandchild", wrong_key, "signer", leaf_key), leaf(), between], "root", "not trusted", key=wrong_key)
by_chain("chain-other-key", [leaf(), between], "root", "does not hold", key=wrong_key)
big = rsa.generate_private_key(65537, 2048)
by_chain("chain-rsa", [certificate("signer", big, "Between", between_key), between], "root", "another kind", key=big)
by_chain("chain-as-key", [leaf(), between], "p256", "no root of certificates")
by_key("key-as-chain", p256, "root", "no such key is trusted")
text = json.dumps(statement()).encode()
write("chain-empty", bundle({"x509CertificateChain": {"certificates": []}}, text, b"x"), "root", "empty")
write("chain-garbage", bundle({"x509CertificateChain": {"certificates": [{"rawBytes": "AAAA"}]}}, text, b"x"), "root", "can't be read")
write("keyless-without-log", bundle({"certificate": der(leaf())}, text, sign(leaf_key, text)), "root", "tlogEntries")

with open(os.path.join(HERE, "index.json"), "w") as out:
    json.dump(index, out, indent=0)
print(len(index), "vectors")
