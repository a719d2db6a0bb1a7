using System.Buffers;
using System.Globalization;

namespace Slipway.Protocols.Json;

/// <summary>
/// Writes the small JSON of metadata and status answers: remembers whether a comma is due. Not for tensors, which have a faster way.
/// </summary>
internal sealed class JsonWriter(IBufferWriter<byte> output)
{
    private bool _commaDue;

    /// <summary>Begins an object, and its first property when a name is given.</summary>
    public void Open(string? firstKey = null)
    {
        Separate();
        output.Write("{"u8);
        _commaDue = false;
        if (firstKey is not null)
        {
            Key(firstKey);
        }
    }

    /// <summary>Ends an object.</summary>
    public void Close()
    {
        output.Write("}"u8);
        _commaDue = true;
    }

    /// <summary>Begins an array.</summary>
    public void OpenArray()
    {
        Separate();
        output.Write("["u8);
        _commaDue = false;
    }

    /// <summary>Ends an array.</summary>
    public void CloseArray()
    {
        output.Write("]"u8);
        _commaDue = true;
    }

    /// <summary>Begins a property.</summary>
    public void Key(string name)
    {
        Separate();
        JsonText.Write(output, name);
        output.Write(":"u8);
        _commaDue = false;
    }

    /// <summary>Writes a text.</summary>
    public void Value(string text)
    {
        Separate();
        JsonText.Write(output, text);
        _commaDue = true;
    }

    /// <summary>Writes an integer.</summary>
    public void Value(long number)
    {
        Separate();
        output.Advance(IntegerFormat<long>.Write(number, output.GetSpan(32)));
        _commaDue = true;
    }

    /// <summary>Writes a truth value.</summary>
    public void Value(bool truth)
    {
        Separate();
        output.Write(truth ? "true"u8 : "false"u8);
        _commaDue = true;
    }

    /// <summary>Writes an integer as a text, as protobuf's JSON does with 64 bits.</summary>
    public void Text(long number) => Value(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a property with a text.</summary>
    public void Property(string name, string value)
    {
        Key(name);
        Value(value);
    }

    /// <summary>Writes a property with an integer.</summary>
    public void Property(string name, long value)
    {
        Key(name);
        Value(value);
    }

    /// <summary>Writes a property with a truth value.</summary>
    public void Property(string name, bool value)
    {
        Key(name);
        Value(value);
    }

    private void Separate()
    {
        if (_commaDue)
        {
            output.Write(","u8);
            _commaDue = false;
        }
    }
}
