using System.Buffers;
using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Strings that an operator makes, one behind the other. Bounded, because a join or a replacement may give far more than it takes.</summary>
internal sealed class TextBuilder
{
    // As much as a tensor of strings may hold.
    private const int MaxBytes = 1 << 30;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<int> _starts = [0];

    /// <summary>Number of strings.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Adds to the string that is being made.</summary>
    /// <exception cref="TextFault">It becomes too much.</exception>
    public TextBuilder Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes - _bytes.WrittenCount)
        {
            throw new TextFault($"its strings are larger than {MaxBytes >> 20} MiB together");
        }

        _bytes.Write(bytes);
        return this;
    }

    /// <summary>Adds to the string that is being made.</summary>
    public TextBuilder Append(string characters) => Append(Encoding.UTF8.GetBytes(characters));

    /// <summary>Ends the string; the next one begins.</summary>
    public void End() => _starts.Add(_bytes.WrittenCount);

    /// <summary>Adds a whole string.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => Append(bytes).End();

    /// <summary>All strings under a shape.</summary>
    public TextTensor Build(params long[] shape) => new(_bytes.WrittenSpan.ToArray(), [.. _starts], shape);
}
