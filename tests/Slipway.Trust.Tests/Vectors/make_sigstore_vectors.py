#!/usr/bin/python3
"""Makes the golden vectors of keyless signatures in sigstore/, from the published specifications alone (Sigstore bundle v0.3, Fulcio's certificate extensions, Rekor's dsse and intoto
entries, RFC 9162 trees, C2SP checkpoints) with python3-cryptography: an implementation that shares no code with what is tested. Run it in this folder to make them anew."""
import base64, datetime, hashlib, json, os
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sigstore")
ANA, ISSUER = "ana@example.com", "https://accounts.example.com"
WORKFLOW, FORGE = "https://forge.example/org/model/.github/workflows/sign.yml@refs/heads/main", "https://token.forge.example"
SIGNED_AT = datetime.datetime(2026, 5, 1, 12, 0, 0)
index = []
b64 = lambda data: base64.b64encode(data).decode()
pem = lambda thing: thing.public_bytes(serialization.Encoding.PEM)
spki = lambda key, form=serialization.Encoding.DER: key.public_key().public_bytes(form, serialization.PublicFormat.SubjectPublicKeyInfo)
new = lambda curve=ec.SECP256R1(): ec.generate_private_key(curve)
seconds = lambda time: int(time.replace(tzinfo=datetime.timezone.utc).timestamp())

def certificate(subject, key, issuer, issuer_key, ca=False, first=None, last=None, name=ANA, issuer_text=ISSUER, old_issuer=None, usage=True, uses=(ExtendedKeyUsageOID.CODE_SIGNING,), sct=b"\x00\x00", serial=None):
    named = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])
    made = (x509.CertificateBuilder().subject_name(named(subject)).issuer_name(named(issuer)).public_key(key.public_key()).serial_number(serial or x509.random_serial_number())
            .not_valid_before(first or (datetime.datetime(2020, 1, 1) if ca else SIGNED_AT - datetime.timedelta(minutes=1)))
            .not_valid_after(last or (datetime.datetime(2040, 1, 1) if ca else SIGNED_AT + datetime.timedelta(minutes=9)))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.KeyUsage(usage and not ca, False, False, False, False, ca, ca, False, False), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False))
    if not ca:
        if uses:
            made = made.add_extension(x509.ExtendedKeyUsage(list(uses)), critical=False)
        if name:
            kind = x509.RFC822Name if "@" in name and "://" not in name else x509.UniformResourceIdentifier
            made = made.add_extension(x509.SubjectAlternativeName([kind(name)]), critical=not subject)
        if issuer_text:
            text = issuer_text.encode()
            made = made.add_extension(x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.57264.1.8"), b"\x0c" + bytes([len(text)]) + text), critical=False)
        if old_issuer:
            made = made.add_extension(x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.57264.1.1"), old_issuer.encode()), critical=False)
        if sct is not None:
            length = bytes([len(sct)]) if len(sct) < 128 else b"\x81" + bytes([len(sct)]) if len(sct) < 256 else b"\x82" + len(sct).to_bytes(2, "big")
            made = made.add_extension(x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"\x04" + length + sct), critical=False)
    return made.sign(issuer_key, hashes.SHA384())

root_key, between_key, evil_key, leaf_key, log_key, other_log, ct_key, other_ct = new(ec.SECP384R1()), new(ec.SECP384R1()), new(ec.SECP384R1()), new(), new(), new(), new(), new()
root = certificate("Authority", root_key, "Authority", root_key, ca=True)
between = certificate("Between", between_key, "Authority", root_key, ca=True)
evil = certificate("Between", evil_key, "Between", evil_key, ca=True)
leaf = lambda **change: certificate("", leaf_key, "Between", between_key, **change)

# RFC 6962, 3.2: what a certificate transparency log signs of a certificate that is about to be issued; and 3.3: how it is embedded.
def stamp(made, key=ct_key, time=SIGNED_AT, told=None, extensions=b"", issuer=between_key, version=0, algorithm=b"\x04\x03"):
    tbs, when = made.tbs_precertificate_bytes, seconds(time) * 1000
    signed = b"\x00\x00" + when.to_bytes(8, "big") + b"\x00\x01" + hashlib.sha256(spki(issuer)).digest() + len(tbs).to_bytes(3, "big") + tbs + len(extensions).to_bytes(2, "big") + extensions
    signature = key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return (bytes([version]) + hashlib.sha256(spki(key)).digest() + (when if told is None else told).to_bytes(8, "big") + len(extensions).to_bytes(2, "big") + extensions
            + algorithm + len(signature).to_bytes(2, "big") + signature)

def stamps(*all):
    inner = b"".join(len(each).to_bytes(2, "big") + each for each in all)
    return len(inner).to_bytes(2, "big") + inner

def stamped(list_of=lambda made: stamps(stamp(made)), **change):
    serial = x509.random_serial_number()
    return leaf(serial=serial, sct=list_of(leaf(serial=serial, **change)), **change)

def statement(digest="aa" * 32):
    return json.dumps({"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "model", "digest": {"sha256": hashlib.sha256(bytes.fromhex(digest)).hexdigest()}}],
                       "predicateType": "https://model_signing/signature/v1.0",
                       "predicate": {"resources": [{"name": "model.onnx", "algorithm": "sha256", "digest": digest}],
                                     "serialization": {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": []}}}).encode()

def sign(payload, key):
    kind = b"application/vnd.in-toto+json"
    return key.sign(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload), ec.ECDSA(hashes.SHA256()))

canonical = lambda thing: json.dumps(thing, sort_keys=True, separators=(",", ":")).encode()

def body_of(payload, signature, made, kind="dsse"):
    hashed = {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()}
    if kind == "intoto":
        spec = {"content": {"envelope": {"payloadType": "application/vnd.in-toto+json", "signatures": [{"publicKey": b64(pem(made)), "sig": b64(b64(signature).encode())}]},
                            "hash": hashed, "payloadHash": hashed}}
        return canonical({"apiVersion": "0.0.2", "kind": "intoto", "spec": spec})
    return canonical({"apiVersion": "0.0.1", "kind": kind, "spec": {"envelopeHash": hashed, "payloadHash": hashed, "signatures": [{"signature": b64(signature), "verifier": b64(pem(made))}]}})

# RFC 9162, 2.1.1 and 2.1.3.1, as they are written there.
H = lambda data: hashlib.sha256(data).digest()
split = lambda n: 1 << ((n - 1).bit_length() - 1)
tree = lambda leaves: H(b"\x00" + leaves[0]) if len(leaves) == 1 else H(b"\x01" + tree(leaves[:split(len(leaves))]) + tree(leaves[split(len(leaves)):]))
def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    return path(m, leaves[:k]) + [tree(leaves[k:])] if m < k else path(m - k, leaves[k:]) + [tree(leaves[:k])]

def checkpoint(size, digest, key, origin="log.example - 1193050959916656506"):
    text = f"{origin}\n{size}\n{b64(digest)}\n"
    return text + "\n" + f"\u2014 log.example {b64(H(spki(key))[:4] + key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))}\n"

def entry(body, time=SIGNED_AT, key=log_key, at=5, size=11, shard=1000):
    leaves = [b"leaf %d" % i for i in range(size)]
    leaves[at] = body
    digest = tree(leaves)
    promise = canonical({"body": b64(body), "integratedTime": seconds(time), "logID": H(spki(key)).hex(), "logIndex": shard + at})
    return {"logIndex": str(shard + at), "logId": {"keyId": b64(H(spki(key)))}, "kindVersion": {"kind": json.loads(body)["kind"], "version": json.loads(body)["apiVersion"]},
            "integratedTime": str(seconds(time)), "inclusionPromise": {"signedEntryTimestamp": b64(key.sign(promise, ec.ECDSA(hashes.SHA256())))},
            "inclusionProof": {"logIndex": str(at), "rootHash": b64(digest), "treeSize": str(size), "hashes": [b64(h) for h in path(at, leaves)], "checkpoint": {"envelope": checkpoint(size, digest, key)}},
            "canonicalizedBody": b64(body)}

def write(name, error=None, made=None, key=leaf_key, payload=None, logged=None, log=None, change=None, trust="ana", kind="dsse", **of_entry):
    made, payload = made or leaf(), payload or statement()
    signature = sign(payload, key)
    entries = [entry(logged or body_of(payload, signature, made, kind), **of_entry)] if log is None else log
    bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
              "verificationMaterial": {"certificate": {"rawBytes": b64(made.public_bytes(serialization.Encoding.DER))}, "tlogEntries": entries},
              "dsseEnvelope": {"payload": b64(payload), "payloadType": "application/vnd.in-toto+json", "signatures": [{"sig": b64(signature), "keyid": ""}]}}
    if change:
        change(bundle, bundle["verificationMaterial"]["tlogEntries"])
    with open(os.path.join(HERE, name + ".sig"), "w") as out:
        json.dump(bundle, out)
    index.append({"name": name, "trust": trust, "error": error})

def proof(**fields):
    return lambda bundle, entries: entries[0]["inclusionProof"].update(fields)

def each(field, value):
    return lambda bundle, entries: entries[0].update({field: value})

def without(field):
    return lambda bundle, entries: entries[0].pop(field)

os.makedirs(HERE, exist_ok=True)
for old in os.listdir(HERE):
    os.remove(os.path.join(HERE, old))
for name, data in (("authorities.pem", pem(between) + pem(root)), ("log.pub.pem", spki(log_key, serialization.Encoding.PEM)), ("other-log.pub.pem", spki(other_log, serialization.Encoding.PEM)),
                   ("ct.pub.pem", spki(ct_key, serialization.Encoding.PEM))):
    with open(os.path.join(HERE, name), "wb") as out:
        out.write(data)

# Valid ones: both kinds of entries, e-mail and workflow, either form of the issuer, places in trees of many shapes.
write("dsse")
write("intoto", kind="intoto")
write("workflow", made=leaf(name=WORKFLOW, issuer_text=FORGE), trust="workflow")
write("issuer-old-form", made=leaf(issuer_text=None, old_issuer=ISSUER))
write("without-sct", made=leaf(sct=None))
# OpenSSL, on which .NET builds chains on Linux, takes the very second of notAfter for too late; RFC 5280 does not. It errs on the side of no.
write("last-seconds", time=SIGNED_AT + datetime.timedelta(minutes=9, seconds=-1))
write("first-second", time=SIGNED_AT - datetime.timedelta(minutes=1))
for at, size in ((0, 1), (0, 2), (1, 2), (2, 3), (6, 7), (7, 8), (8, 9), (0, 9), (12, 13), (63, 64), (64, 65)):
    write(f"tree-{at}-of-{size}", at=at, size=size)
write("no-log-key", trust="ana-without-log", time=SIGNED_AT + datetime.timedelta(days=900))

for name, list_of in (("stamped", lambda made: stamps(stamp(made))), ("stamped-with-extensions", lambda made: stamps(stamp(made, extensions=b"later"))),
                      ("stamped-twice", lambda made: stamps(stamp(made, other_ct), stamp(made))), ("stamped-beside-a-newer-form", lambda made: stamps(b"\x07anything", stamp(made)))):
    write(name, made=stamped(list_of), trust="ana+ct")
write("stamped-for-a-workflow", made=stamped(name=WORKFLOW, issuer_text=FORGE), trust="workflow+ct")

# Seen by everybody: no certificate transparency log that is trusted has the certificate.
UNSEEN, FALSE = "no time stamp of a certificate transparency log", "time stamp of a certificate transparency log that does not hold"
write("stamp-missing", UNSEEN, made=leaf(sct=None), trust="ana+ct")
write("stamps-none", UNSEEN, made=leaf(), trust="ana+ct")
write("stamp-of-another-log", UNSEEN + " whose key was given", made=stamped(lambda made: stamps(stamp(made, other_ct))), trust="ana+ct")
write("stamp-of-another-algorithm", UNSEEN + " whose key was given", made=stamped(lambda made: stamps(stamp(made, algorithm=b"\x05\x03"))), trust="ana+ct")
write("stamp-by-another-key", FALSE, made=stamped(lambda made: stamps(b"\x00" + hashlib.sha256(spki(ct_key)).digest() + stamp(made, other_ct)[33:])), trust="ana+ct")
write("stamp-time-altered", FALSE, made=stamped(lambda made: stamps(stamp(made, told=seconds(SIGNED_AT) * 1000 + 1))), trust="ana+ct")
write("stamp-of-another-certificate", FALSE, made=stamped(lambda made: stamps(stamp(leaf()))), trust="ana+ct")
write("stamp-of-another-issuer", FALSE, made=stamped(lambda made: stamps(stamp(made, issuer=root_key))), trust="ana+ct")
write("stamps-cut", "time stamps of certificate transparency logs can't be read", made=stamped(lambda made: stamps(stamp(made))[:-1]), trust="ana+ct")
write("stamps-too-long", "time stamps of certificate transparency logs can't be read", made=stamped(lambda made: stamps(stamp(made)) + b"x"), trust="ana+ct")
write("stamp-garbage", "time stamps of certificate transparency logs can't be read", made=leaf(sct=stamps(b"\x00short")), trust="ana+ct")

# Who: the certificate is not of those who are trusted, or of nobody.
TRUSTED = "not among those that are trusted"
write("other-identity", TRUSTED, made=leaf(name="eve@example.com"))
write("identity-in-capitals", TRUSTED, made=leaf(name="Ana@example.com"))
write("identity-longer", TRUSTED, made=leaf(name="ana@example.com.evil.example"))
write("other-issuer", TRUSTED, made=leaf(issuer_text="https://evil.example"))
write("issuer-of-another-identity", TRUSTED, made=leaf(issuer_text=FORGE), trust="ana+workflow")
write("issuer-lies-in-old-form", TRUSTED, made=leaf(issuer_text="https://evil.example", old_issuer=ISSUER))
write("no-identity", "not among|is by ,", made=leaf(name=None))
write("no-issuer", "does not say who vouched", made=leaf(issuer_text=None))
write("other-authority", "not trusted", made=certificate("", leaf_key, "Between", evil_key))
write("self-signed", "not trusted", made=certificate("", leaf_key, "", leaf_key))
write("for-servers", "may not be used to sign", made=leaf(uses=(ExtendedKeyUsageOID.SERVER_AUTH,)))
write("not-for-signatures", "may not be used to sign", made=leaf(usage=False))
write("garbage-certificate", "can't be read", change=lambda bundle, entries: bundle["verificationMaterial"]["certificate"].update(rawBytes="AAAA"))
write("signed-by-another-key", "does not hold", key=new())

# When: the certificate is good for ten minutes around the time that the log signed.
write("expired-when-logged", "not valid at this time", time=SIGNED_AT + datetime.timedelta(minutes=9, seconds=1))
write("not-yet-valid-when-logged", "not valid at this time", time=SIGNED_AT - datetime.timedelta(minutes=1, seconds=1))
write("time-altered", "signed time that does not hold", time=SIGNED_AT + datetime.timedelta(hours=1), change=each("integratedTime", str(seconds(SIGNED_AT))))
write("time-absurd", "signed time that does not hold", change=each("integratedTime", "999999999999999"))
write("promise-missing", "has no signed time", change=without("inclusionPromise"))
write("promise-of-another-entry", "signed time that does not hold", change=each("inclusionPromise", entry(canonical({"apiVersion": "0.0.1", "kind": "dsse"}))["inclusionPromise"]))
write("index-altered", "signed time that does not hold", change=each("logIndex", "7"))

# What: the entry is about something else.
payload, ANOTHER = statement(), "about another signature"
signature = sign(payload, leaf_key)
write("entry-of-another-digest", ANOTHER, logged=body_of(statement("bb" * 32), signature, leaf()))
made = leaf()
write("entry-of-another-signature", ANOTHER, made=made, logged=body_of(payload, signature, made))
write("entry-of-another-certificate", ANOTHER, change=lambda bundle, entries: entries.__setitem__(0, entry(body_of(payload, base64.b64decode(bundle["dsseEnvelope"]["signatures"][0]["sig"]), leaf()))))
write("intoto-of-another-digest", ANOTHER, kind="intoto", logged=body_of(statement("bb" * 32), signature, made, "intoto"))
write("entry-of-another-kind", "of the kind 'hashedrekord'", kind="hashedrekord")
write("payload-altered", "does not hold", change=lambda bundle, entries: bundle["dsseEnvelope"].update(payload=b64(statement("cc" * 32))))
write("body-altered", "signed time that does not hold", change=lambda bundle, entries: entries[0].update(canonicalizedBody=b64(base64.b64decode(entries[0]["canonicalizedBody"]).replace(b"0.0.1", b"0.0.9"))))
write("body-garbage", "signed time that does not hold", change=each("canonicalizedBody", b64(b"{")))

# Where: the entry is not in the log that is trusted.
IN_LOG = "proof of inclusion does not hold"
write("log-of-somebody-else", "of a log whose key was not given", key=leaf_key, log=[entry(body_of(payload, signature, made), key=other_log)])
write("other-log-key-given", "of a log whose key was not given", trust="ana-other-log")
write("proof-missing", "has no proof of inclusion", change=without("inclusionProof"))
write("proof-hash-altered", IN_LOG, change=lambda bundle, entries: entries[0]["inclusionProof"]["hashes"].__setitem__(1, b64(b"x" * 32)))
write("proof-hash-short", IN_LOG, change=lambda bundle, entries: entries[0]["inclusionProof"]["hashes"].__setitem__(1, b64(b"x" * 31)))
write("proof-too-short", IN_LOG, change=lambda bundle, entries: entries[0]["inclusionProof"]["hashes"].pop())
write("proof-too-long", IN_LOG, change=lambda bundle, entries: entries[0]["inclusionProof"]["hashes"].append(b64(b"x" * 32)))
write("proof-reversed", IN_LOG, change=lambda bundle, entries: entries[0]["inclusionProof"]["hashes"].reverse())
write("proof-of-another-leaf", IN_LOG, change=proof(logIndex="4"))
write("proof-index-outside", IN_LOG, change=proof(logIndex="11"))
write("proof-root-altered", IN_LOG, change=proof(rootHash=b64(b"x" * 32)))
write("proof-size-altered", IN_LOG, change=proof(treeSize="12"))
write("checkpoint-of-another-size", IN_LOG, change=lambda bundle, entries: proof(checkpoint={"envelope": checkpoint(12, base64.b64decode(entries[0]["inclusionProof"]["rootHash"]), log_key)})(bundle, entries))
write("checkpoint-of-another-root", IN_LOG, change=proof(checkpoint={"envelope": checkpoint(11, b"x" * 32, log_key)}))
write("checkpoint-by-another-key", "not signed by the log key", change=lambda bundle, entries: proof(checkpoint={"envelope": checkpoint(11, base64.b64decode(entries[0]["inclusionProof"]["rootHash"]), other_log)})(bundle, entries))
write("checkpoint-unsigned", "not signed by the log key", change=proof(checkpoint={"envelope": "log\n11\n" + b64(b"x" * 32) + "\n\n"}))
write("checkpoint-garbage", "checkpoint can't be read", change=proof(checkpoint={"envelope": "x"}))
write("no-entry", "tlogEntries", log=[])
write("too-many-entries", "tlogEntries", log=[entry(body_of(payload, signature, made))] * 9)

with open(os.path.join(HERE, "index.json"), "w") as out:
    json.dump(index, out, indent=0)
print(len(index), "vectors")
