using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Core;

namespace Slipway.Trust.Receipts;

/// <summary>
/// The digest that a receipt names tensors by: SHA-256 over the line <c>slipway-tensors-1</c>, then for each tensor, in the order of the UTF-8 bytes of their names, the line
/// <c>DATATYPE SHAPE LENGTH NAME</c> (Open Inference datatype; dimensions joined by commas, empty for a scalar; number of bytes; name) and its bytes, each line and each
/// tensor's bytes ended by a line feed. Bytes are little-endian and row-major as in the protocol's binary form: strings as four bytes of length and UTF-8. Never change it, add another one.
/// </summary>
public static class TensorDigest
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    /// <summary>The digest of tensors, lower-case hex.</summary>
    public static string Of(IReadOnlyList<Tensor> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("slipway-tensors-1\n"u8);
        foreach ((Tensor tensor, byte[] name) in tensors.Select(static tensor => (tensor, Encoding.UTF8.GetBytes(tensor.Name))).OrderBy(static pair => pair.Item2, Utf8Order.Instance))
        {
            StringBuilder shape = new();
            foreach (long dimension in tensor.Shape.Dimensions)
            {
                shape.Append(shape.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $"{dimension}");
            }

            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tensor.DataType.ToName()} {shape} {tensor.Data.Length} ")));
            hash.AppendData(name);
            hash.AppendData(LineFeed);
            hash.AppendData(tensor.Data.Span);
            hash.AppendData(LineFeed);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Utf8Order : IComparer<byte[]>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
