using System.Diagnostics.CodeAnalysis;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Reads one element of a tensor from JSON. Implemented by empty structs, so that a loop over a codec compiles to straight code.</summary>
/// <typeparam name="T">The element as it lies in the tensor.</typeparam>
[SuppressMessage("Design", "CA1000", Justification = "Static abstract members are how the element type is chosen once for a whole tensor.")]
internal interface IElementCodec<T>
    where T : unmanaged
{
    /// <summary>What a value has to be, for errors: <c>an integer from -128 to 127</c>.</summary>
    static abstract string Expected { get; }

    /// <summary>Reads the value that begins at <paramref name="position"/>; where it isn't one, says false and stays.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value);

    /// <summary>
    /// Reads values with commas between them as far as there is a fast way, as <see cref="JsonNumber.ReadSingles"/> does; what it stops at is for
    /// <see cref="TryRead"/>.
    /// </summary>
    static virtual int ReadRun(ReadOnlySpan<byte> text, ref int position, Span<T> values, out bool isEnded)
    {
        isEnded = false;
        return 0;
    }
}
