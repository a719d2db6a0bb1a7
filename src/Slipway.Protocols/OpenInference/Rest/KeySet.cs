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
            cursor.Fail($"the key '{key.ToString().ToLowerInvariant()}' for the second time");
        }

        _seen |= key;
    }

    /// <summary>Whether the key was there.</summary>
    public readonly bool Has(Key key) => (_seen & key) != 0;
}
