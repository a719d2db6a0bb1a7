using Slipway.Core;
using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Reads values of parameters.</summary>
internal static class ParameterReader
{
    /// <summary>Reads a string, a truth value, an integer or another number.</summary>
    public static ParameterValue Read(ref JsonCursor cursor, string key)
    {
        switch (cursor.Peek())
        {
            case (byte)'"':
                return ParameterValue.Of(System.Text.Encoding.UTF8.GetString(cursor.ReadString()));
            case (byte)'t' or (byte)'f':
                return ParameterValue.Of(cursor.ReadBool("true or false"));
            default:
                return ReadNumber(ref cursor, key);
        }
    }

    private static ParameterValue ReadNumber(ref JsonCursor cursor, string key)
    {
        int position = cursor.Position;
        if (JsonNumber.TryReadInt64(cursor.Text, ref position, out long signed) && !NumberTail.Follows(cursor.Text, position))
        {
            cursor.Position = position;
            return ParameterValue.Of(signed);
        }

        position = cursor.Position;
        if (JsonNumber.TryReadUInt64(cursor.Text, ref position, out ulong unsigned) && !NumberTail.Follows(cursor.Text, position))
        {
            cursor.Position = position;
            return ParameterValue.Of(unsigned);
        }

        position = cursor.Position;
        if (!JsonNumber.TryReadDouble(cursor.Text, ref position, out double number))
        {
            cursor.Fail($"parameter '{key}' must be a string, a number or a truth value");
        }

        cursor.Position = position;
        return ParameterValue.Of(number);
    }
}
