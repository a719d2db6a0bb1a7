using Slipway.Core;
using Slipway.Protocols.Tensors;

namespace Slipway.Protocols.OpenInference;

/// <summary>Checks tensors that came as bytes.</summary>
internal static class TensorBytes
{
    /// <summary>Number of elements of a shape that a caller gave.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/>: a negative dimension, or more elements than can be counted.</exception>
    public static long CountElements(string input, TensorShape shape) => shape.TryGetElementCount(out long count)
        ? count
        : throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{input}': shape {shape} is not the shape of a tensor");

    /// <summary>Checks that <paramref name="data"/> is exactly the elements of a shape, and that its truth values are.</summary>
    /// <exception cref="SlipwayException">
    /// <see cref="ErrorCode.ShapeMismatch"/> with the sizes; <see cref="ErrorCode.InvalidRequest"/> for a truth value that is neither 0 nor 1.
    /// </exception>
    public static void Check(string model, string input, TensorDataType dataType, TensorShape shape, ReadOnlySpan<byte> data)
    {
        long count = CountElements(input, shape);
        if (dataType == TensorDataType.String)
        {
            CheckStrings(model, input, count, data);
            return;
        }

        CheckLength(model, input, dataType, count, data.Length);
        CheckTruthValues(model, input, dataType, data);
    }

    /// <summary>Checks that a tensor of truth values holds nothing else; other types hold what they like.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public static void CheckTruthValues(string model, string input, TensorDataType dataType, ReadOnlySpan<byte> data)
    {
        // The engine takes such a byte for a bool of C++, where anything else is undefined.
        if (dataType == TensorDataType.Bool && data.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"input '{input}' for model '{model}': a BOOL is a byte of 0 or 1");
        }
    }

    /// <summary>Checks the length of a tensor of a fixed-size type before its bytes are there.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.ShapeMismatch"/> with the sizes.</exception>
    public static void CheckLength(string model, string input, TensorDataType dataType, long count, long length)
    {
        // 16 EiB is more than there is: a count beyond that has no byte length, and cannot match one.
        long expected = count > long.MaxValue / 8 ? long.MaxValue : dataType.ByteLength(count);
        if (length != expected)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"input byte size mismatch for input '{input}' for model '{model}'. Expected {expected}, got {length}");
        }
    }

    private static void CheckStrings(string model, string input, long count, ReadOnlySpan<byte> data)
    {
        if (!PackedStrings.TryCount(data, out long found))
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"input '{input}' for model '{model}': element {found} is cut off; each is a 32-bit length and that many bytes");
        }

        if (found != count)
        {
            throw new SlipwayException(ErrorCode.ShapeMismatch, $"input '{input}' for model '{model}' holds {found} strings, its shape {count}");
        }
    }
}
