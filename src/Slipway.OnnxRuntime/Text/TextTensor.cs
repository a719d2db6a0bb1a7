using System.Text;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Strings as an operator sees them: bytes one behind the other, where each begins, and a shape. Immutable.</summary>
/// <param name="bytes">All strings.</param>
/// <param name="starts">Where each begins, and at last where the last one ends.</param>
/// <param name="shape">Sizes of the dimensions.</param>
internal sealed class TextTensor(byte[] bytes, int[] starts, long[] shape)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Sizes of the dimensions.</summary>
    public long[] Shape => shape;

    /// <summary>Number of strings.</summary>
    public int Count => starts.Length - 1;

    /// <summary>A string's bytes.</summary>
    public ReadOnlySpan<byte> this[int index] => bytes.AsSpan(starts[index], starts[index + 1] - starts[index]);

    /// <summary>A string's characters.</summary>
    /// <exception cref="TextFault">Its bytes are not UTF-8.</exception>
    public string Characters(int index)
    {
        try
        {
            return Strict.GetString(this[index]);
        }
        catch (ArgumentException)
        {
            throw new TextFault($"string {index + 1} is not UTF-8");
        }
    }
}

/// <summary>What an operator on text can't do with what it was given; the engine reports it as the run's failure.</summary>
internal sealed class TextFault(string message) : Exception(message);
