using Slipway.Protocols.Json;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>Keys with a meaning in a request.</summary>
[Flags]
internal enum Key
{
    /// <summary>No key.</summary>
    None = 0,

    /// <summary><c>id</c></summary>
    Id = 1,

    /// <summary><c>inputs</c></summary>
    Inputs = 2,

    /// <summary><c>outputs</c></summary>
    Outputs = 4,

    /// <summary><c>parameters</c></summary>
    Parameters = 8,

    /// <summary><c>name</c></summary>
    Name = 16,

    /// <summary><c>shape</c></summary>
    Shape = 32,

    /// <summary><c>datatype</c></summary>
    DataType = 64,

    /// <summary><c>data</c></summary>
    Data = 128,

    /// <summary><c>binary_data_output</c></summary>
    BinaryDataOutput = 256,

    /// <summary><c>priority</c></summary>
    Priority = 512,

    /// <summary><c>timeout</c></summary>
    Timeout = 1024,

    /// <summary><c>binary_data</c></summary>
    BinaryData = 2048,

    /// <summary><c>classification</c></summary>
    Classification = 4096,
}

/// <summary>The keys that an object has had so far.</summary>
internal struct KeySet
{
    private Key _seen;

    /// <summary>Notes a key; a second time is refused, since the two could say different things.</summary>
    public void Add(Key key, scoped in JsonCursor cursor)
    {
        if ((_seen & key) != 0)
        {
            cursor.Fail($"the key '{NameOf(key)}' for the second time");
        }

        _seen |= key;
    }

    /// <summary>Whether the key was there.</summary>
    public readonly bool Has(Key key) => (_seen & key) != 0;

    private static string NameOf(Key key) => key switch
    {
        Key.BinaryData => "binary_data",
        Key.BinaryDataOutput => "binary_data_output",
        _ => key.ToString().ToLowerInvariant(),
    };
}
