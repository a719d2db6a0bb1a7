using System.Buffers.Binary;
using System.Text;
using Slipway.Core;

namespace Slipway.Formats.FlatBuffers;

/// <summary>
/// A FlatBuffers message (the format's "internals" document): tables that say by a table of offsets where their fields are. Every access checks that it stays within the bytes,
/// and what is read altogether is bounded by a multiple of them, since offsets of a hostile file may make many tables share one large part.
/// </summary>
/// <param name="bytes">The message, its root offset first.</param>
/// <param name="kind">Whose model it is, for errors: <c>CatBoost</c>.</param>
internal sealed class FlatBuffer(ReadOnlyMemory<byte> bytes, string kind)
{
    private const int MostReadings = 2;

    private long _budget = ((long)bytes.Length * MostReadings) + 65536;

    /// <summary>The root table.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/>.</exception>
    public FlatTable Root => TableAt(Follow(0));

    /// <summary>What is wrong with the message.</summary>
    public SlipwayException Invalid(string problem) => new(ErrorCode.InvalidModel, $"the {kind} model is damaged: {problem}");

    /// <summary>Bytes from a position on.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> when they are not all there.</exception>
    public ReadOnlySpan<byte> Take(long position, long length)
    {
        if (position < 0 || length < 0 || position > bytes.Length - length)
        {
            throw Invalid($"{length} bytes at {position} are beyond its end");
        }

        _budget -= length;
        return _budget >= 0 ? bytes.Span.Slice((int)position, (int)length) : throw Invalid("its parts overlap");
    }

    /// <summary>The position that the offset at a position leads to.</summary>
    public long Follow(long position) => position + BinaryPrimitives.ReadUInt32LittleEndian(Take(position, sizeof(uint)));

    /// <summary>The table at a position.</summary>
    public FlatTable TableAt(long position)
    {
        long layout = position - BinaryPrimitives.ReadInt32LittleEndian(Take(position, sizeof(int)));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(Take(layout, sizeof(ushort)));
        return new FlatTable(this, position, layout, size);
    }

    /// <summary>The elements of the vector at a position.</summary>
    /// <param name="position">Where its count stands.</param>
    /// <param name="width">Bytes of one element.</param>
    public ReadOnlySpan<byte> Vector(long position, int width)
    {
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(Take(position, sizeof(uint)));
        return Take(position + sizeof(uint), (long)count * width);
    }

    /// <summary>The text at a position.</summary>
    public string Text(long position)
    {
        ReadOnlySpan<byte> text = Vector(position, 1);
        try
        {
            return FlatText.Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw Invalid("a text is not UTF-8");
        }
    }

    private static class FlatText
    {
        public static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    }
}
