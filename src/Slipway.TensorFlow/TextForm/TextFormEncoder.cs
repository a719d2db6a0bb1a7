using System.Globalization;
using Slipway.Core;
using Slipway.Formats.Protobuf;
using Slipway.TensorFlow.Graphs;

namespace Slipway.TensorFlow.TextForm;

/// <summary>Turns <c>saved_model.pbtxt</c>, protobuf's text format, into the bytes that <c>saved_model.pb</c> would have.</summary>
internal static class TextFormEncoder
{
    private const int MaxDepth = 100;

    /// <summary>The encoded file.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidModel"/> names the line.</exception>
    public static ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> text)
    {
        TextCursor cursor = new(text);
        ProtoWriter writer = new();
        while (!cursor.IsAtEnd)
        {
            ReadField(cursor, MessageSchema.Root, writer, 0);
        }

        return writer.Written;
    }

    // A field of the message; of null, of one that is skipped.
    private static void ReadField(TextCursor cursor, string? message, ProtoWriter writer, int depth)
    {
        if (depth > MaxDepth)
        {
            throw cursor.Fault($"met messages more than {MaxDepth} deep");
        }

        MessageField? field = null;
        if (cursor.TryTake('['))
        {
            cursor.SkipBracketed();
        }
        else
        {
            string name = cursor.Word();
            field = message is null ? null : MessageSchema.Find(message, name);
        }

        bool hasColon = cursor.TryTake(':');
        if (hasColon && cursor.TryTake('['))
        {
            bool isFirst = true;
            while (!cursor.TryTake(']'))
            {
                if (!isFirst && !cursor.TryTake(','))
                {
                    throw cursor.Fault("expected ',' or ']'");
                }

                isFirst = false;
                ReadValue(cursor, field, writer, depth);
            }
        }
        else
        {
            ReadValue(cursor, field, writer, depth);
        }

        _ = cursor.TryTake(',') || cursor.TryTake(';');
    }

    private static void ReadValue(TextCursor cursor, MessageField? field, ProtoWriter writer, int depth)
    {
        switch (cursor.Peek())
        {
            case (byte)'{' or (byte)'<':
                ReadMessage(cursor, field, writer, depth);
                break;
            case (byte)'"' or (byte)'\'':
                byte[] content = cursor.Quoted();
                if (field is { Kind: FieldKind.Bytes })
                {
                    writer.Bytes(field.Number, content);
                }
                else if (field is not null)
                {
                    throw cursor.Fault("met a text where none belongs");
                }

                break;
            default:
                string word = cursor.Word();
                if (field is not null)
                {
                    Write(cursor, field, word, writer);
                }

                break;
        }
    }

    private static void ReadMessage(TextCursor cursor, MessageField? field, ProtoWriter writer, int depth)
    {
        if (field is { Kind: not FieldKind.Message })
        {
            throw cursor.Fault("met a message where a value belongs");
        }

        char end = cursor.TryTake('{') ? '}' : cursor.TryTake('<') ? '>' : '}';
        ProtoWriter inner = new();
        while (!cursor.TryTake(end))
        {
            ReadField(cursor, field?.Message, inner, depth + 1);
        }

        if (field is not null)
        {
            writer.Bytes(field.Number, inner.Written.Span);
        }
    }

    private static void Write(TextCursor cursor, MessageField field, string word, ProtoWriter writer)
    {
        switch (field.Kind)
        {
            case FieldKind.Integer:
                writer.Int64(field.Number, Integer(cursor, word));
                break;
            case FieldKind.Bool:
                writer.Int64(field.Number, word is "true" or "True" or "t" or "1" ? 1 : word is "false" or "False" or "f" or "0" ? 0 : throw cursor.Fault($"met '{word}' where true or false belongs"));
                break;
            case FieldKind.Enumeration:
                writer.Int64(field.Number, Enumeration(cursor, word));
                break;
            case FieldKind.Float:
                writer.Float(field.Number, (float)Number(cursor, word));
                break;
            case FieldKind.Double:
                writer.Double(field.Number, Number(cursor, word));
                break;
            default:
                throw cursor.Fault($"met '{word}' where a text or a message belongs");
        }
    }

    // Names of enumerations other than element types stand for nothing that is read.
    private static long Enumeration(TextCursor cursor, string word) =>
        TensorFlowTypes.TryParseName(word, out long number) ? number : char.IsAsciiLetter(word[0]) ? 0 : Integer(cursor, word);

    private static long Integer(TextCursor cursor, string word)
    {
        if (long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            return value;
        }

        if (ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large))
        {
            return (long)large;
        }

        if (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(word.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out large))
        {
            return (long)large;
        }

        throw cursor.Fault($"met '{word}' where a whole number belongs");
    }

    private static double Number(TextCursor cursor, string word) => word.ToUpperInvariant() switch
    {
        "INF" or "INFINITY" or "+INF" => double.PositiveInfinity,
        "-INF" or "-INFINITY" => double.NegativeInfinity,
        "NAN" or "-NAN" => double.NaN,
        _ => double.TryParse(word.AsSpan().TrimEnd("fF"), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw cursor.Fault($"met '{word}' where a number belongs"),
    };
}
