using Slipway.Formats.Protobuf;

namespace Slipway.Formats.Onnx.Building;

/// <summary>Integers of an attribute, encoded as they come: a large forest has millions, of a byte or two each.</summary>
internal sealed class IntegerList
{
    private const int Field = 8; // AttributeProto.ints

    private readonly ProtoWriter _writer = new();

    /// <summary>The fields written so far.</summary>
    public ReadOnlyMemory<byte> Encoded => _writer.Written;

    /// <summary>Adds a number.</summary>
    public void Add(long value) => _writer.Int64(Field, value);
}

/// <summary>Texts of an attribute, encoded as they come.</summary>
internal sealed class TextList
{
    private const int Field = 9; // AttributeProto.strings

    private readonly ProtoWriter _writer = new();

    /// <summary>The fields written so far.</summary>
    public ReadOnlyMemory<byte> Encoded => _writer.Written;

    /// <summary>Adds a text, as UTF-8.</summary>
    public void Add(ReadOnlySpan<byte> value) => _writer.Bytes(Field, value);
}
