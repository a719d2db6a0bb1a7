namespace Slipway.Formats.Protobuf;

/// <summary>How a protobuf field is laid out. Groups (3 and 4) are read by nobody here and refused.</summary>
public enum WireType
{
    /// <summary>Base-128 number.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length and as many bytes: text, bytes, messages, packed lists.</summary>
    Length = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}
