using Slipway.Core;
using Slipway.TestKit;
using Slipway.Trust.Keys;
using Slipway.Trust.Receipts;

namespace Slipway.Trust.Tests.Receipts;

public sealed class ReceiptTests
{
    private static readonly Receipt Given = new("fraud", 7, new string('a', 64), new string('b', 64), new string('c', 64), new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)) { RequestId = "r-1" };

    [Fact]
    public void A_receipt_is_read_back_and_any_change_is_found()
    {
        using SigningKey key = SigningKey.Create();
        using SigningKey other = SigningKey.Create();
        byte[] signed = Given.Sign(key);
        Assert.Equal(Given, Receipt.Open(signed, [other.PublicKey, key.PublicKey]));
        Assert.Throws<SlipwayException>(() => Receipt.Open(signed, [other.PublicKey]));
        for (int bit = 0; bit < signed.Length * 8; bit++)
        {
            byte[] flipped = [.. signed];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(Given, Receipt.Open(flipped, [key.PublicKey]));
            }
            catch (SlipwayException refused)
            {
                Assert.Equal(ErrorCode.InvalidModel, refused.Code);
            }
        }
    }

    [Fact]
    public void Digests_of_tensors_depend_on_everything_but_their_order()
    {
        static Tensor Make(string name, TensorDataType type, byte[] data, params long[] shape) => new(name, type, new TensorShape(shape), data);
        string digest = TensorDigest.Of([Make("a", TensorDataType.Float32, [1, 2, 3, 4], 1), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]);
        Assert.Equal(digest, TensorDigest.Of([Make("b", TensorDataType.Int8, [5, 6], 1, 2), Make("a", TensorDataType.Float32, [1, 2, 3, 4], 1)]));
        string[] others =
        [
            TensorDigest.Of([Make("a", TensorDataType.Int32, [1, 2, 3, 4], 1), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]),
            TensorDigest.Of([Make("a", TensorDataType.Float32, [1, 2, 3, 4], 1, 1), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]),
            TensorDigest.Of([Make("a", TensorDataType.Float32, [1, 2, 3, 4]), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]),
            TensorDigest.Of([Make("a", TensorDataType.Float32, [1, 2, 3, 5], 1), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]),
            TensorDigest.Of([Make("c", TensorDataType.Float32, [1, 2, 3, 4], 1), Make("b", TensorDataType.Int8, [5, 6], 1, 2)]),
            TensorDigest.Of([Make("a", TensorDataType.Float32, [1, 2, 3, 4], 1)]),
            TensorDigest.Of([]),
        ];
        Assert.Equal(others.Length, others.Append(digest).Distinct().Count() - 1);
    }

    [Fact]
    public async Task Another_implementation_verifies_a_receipt_and_recomputes_its_digests()
    {
        Assert.SkipUnless(await PythonProcess.HasAsync("cryptography"), "needs python3-cryptography");
        using TemporaryFolder folder = new();
        using SigningKey key = SigningKey.Create();
        Tensor[] tensors =
        [
            new("x", TensorDataType.Float32, new TensorShape([1, 2]), new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 }),
            new("\u00e4", TensorDataType.String, new TensorShape([2]), new byte[] { 1, 0, 0, 0, (byte)'a', 2, 0, 0, 0, (byte)'b', (byte)'c' }),
            new("n", TensorDataType.Int64, new TensorShape([]), new byte[] { 5, 0, 0, 0, 0, 0, 0, 0 }),
        ];
        folder.Write("receipt", (Given with { InputDigest = TensorDigest.Of(tensors) }).Sign(key));
        folder.Write("key.pub", key.PublicKey.ToPem());
        (int exit, string output) = await PythonProcess.RunAsync(folder.Root, """
            import base64, hashlib, json, struct
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import ec
            e = json.load(open("receipt"))
            payload, kind = base64.b64decode(e["payload"]), e["payloadType"].encode()
            key = serialization.load_pem_public_key(open("key.pub", "rb").read())
            key.verify(base64.b64decode(e["signatures"][0]["sig"]), b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload), ec.ECDSA(hashes.SHA256()))
            s = json.loads(payload)
            assert s["subject"] == [{"name": "fraud:7", "digest": {"sha256": "a" * 64}}]
            strings = lambda texts: b"".join(struct.pack("<I", len(t.encode())) + t.encode() for t in texts)
            tensors = {"x": ("FP32", [1, 2], struct.pack("<2f", 1, 2)), "\u00e4": ("BYTES", [2], strings(["a", "bc"])), "n": ("INT64", [], struct.pack("<q", 5))}
            h = hashlib.sha256(b"slipway-tensors-1\n")
            for name in sorted(tensors, key=lambda n: n.encode()):
                kind, shape, data = tensors[name]
                h.update(("%s %s %d %s\n" % (kind, ",".join(map(str, shape)), len(data), name)).encode() + data + b"\n")
            assert s["predicate"]["inputDigest"] == h.hexdigest()
            print("ok")
            """);
        Assert.True(exit == 0, output);
        Assert.Equal("ok", output.Trim());
    }
}
