using System.Globalization;
using System.Numerics;
using System.Text;
using static Slipway.Sklearn.Pickle.PickleOpcode;

namespace Slipway.Sklearn.Pickle;

/// <summary>Opcodes that push a plain value: nothing, truth values, numbers, text, bytes.</summary>
internal sealed class PickleScalars(PickleCursor cursor, PickleLimits limits, PickleStack stack)
{
    /// <summary>Carries out the opcode if it is one of these.</summary>
    public bool TryRead(byte opcode)
    {
        switch (opcode)
        {
            case None: stack.Push(null); return true;
            case NewTrue: stack.Push(true); return true;
            case NewFalse: stack.Push(false); return true;
            case BinInt: stack.Push((long)cursor.ReadInt32()); return true;
            case BinInt1: stack.Push((long)cursor.ReadByte()); return true;
            case BinInt2: stack.Push((long)cursor.ReadUInt16()); return true;
            case Long1: PushInteger(cursor.Take(cursor.ReadByte()).Span); return true;
            case Long4: PushInteger(cursor.TakeSigned(cursor.ReadInt32()).Span); return true;
            case BinFloat: stack.Push(cursor.ReadDoubleBigEndian()); return true;
            case Int: PushIntText(cursor.ReadLine().Span); return true;
            case Long: PushLongText(cursor.ReadLine().Span); return true;
            case PickleOpcode.Float: PushFloatText(cursor.ReadLine().Span); return true;
            case PickleOpcode.String: PushQuoted(cursor.ReadLine().Span); return true;
            case BinString: PushText(Encoding.Latin1.GetString(cursor.TakeSigned(cursor.ReadInt32()).Span)); return true;
            case ShortBinString: PushText(Encoding.Latin1.GetString(cursor.Take(cursor.ReadByte()).Span)); return true;
            case Unicode: PushText(PickleText.FromRawUnicodeEscape(cursor.ReadLine().Span)); return true;
            case BinUnicode: PushUtf8(cursor.ReadUInt32()); return true;
            case ShortBinUnicode: PushUtf8(cursor.ReadByte()); return true;
            case BinUnicode8: PushUtf8(cursor.ReadUInt64()); return true;
            case BinBytes: PushBytes(cursor.Take(cursor.ReadUInt32())); return true;
            case ShortBinBytes: PushBytes(cursor.Take(cursor.ReadByte())); return true;
            case BinBytes8 or ByteArray8: PushBytes(cursor.Take(cursor.ReadUInt64())); return true;
            default: return false;
        }
    }

    private void PushUtf8(ulong length)
    {
        if (length <= (ulong)cursor.Remaining)
        {
            stack.Spend(((long)length * 2) + 24);
        }

        stack.Push(cursor.ReadText(length));
    }

    private void PushText(string text) => stack.Push(text, (text.Length * 2L) + 40);

    private void PushBytes(ReadOnlyMemory<byte> bytes) => stack.Push(new PickleBytes(bytes), 48);

    private void PushInteger(ReadOnlySpan<byte> bytes)
    {
        CheckNumber(bytes.Length);
        BigInteger value = new(bytes);
        stack.Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushIntText(ReadOnlySpan<byte> text)
    {
        if (text.SequenceEqual("00"u8) || text.SequenceEqual("01"u8))
        {
            stack.Push(text[1] == (byte)'1');
            return;
        }

        PushLongText(text);
    }

    private void PushLongText(ReadOnlySpan<byte> text)
    {
        CheckNumber(text.Length);
        ReadOnlySpan<byte> digits = text.EndsWith("L"u8) ? text[..^1] : text;
        if (!BigInteger.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value))
        {
            throw PickleException.At(cursor.Position, "an integer is expected");
        }

        stack.Push(value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value);
    }

    private void PushFloatText(ReadOnlySpan<byte> text)
    {
        CheckNumber(text.Length);
        string number = Encoding.ASCII.GetString(text);
        stack.Push(number switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
            _ => throw PickleException.At(cursor.Position, "a number is expected"),
        });
    }

    private void PushQuoted(ReadOnlySpan<byte> text) => PushText(
        PickleText.FromQuoted(text) ?? throw PickleException.At(cursor.Position, "a quoted string is expected"));

    private void CheckNumber(int length)
    {
        if (length > limits.MaxNumberBytes)
        {
            throw PickleException.TooLarge($"a number of {length} bytes");
        }
    }
}
