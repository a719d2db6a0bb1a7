namespace Slipway.Traffic.Endpoints;

/// <summary>Where the key of the entity that a request is about is found.</summary>
/// <param name="Kind">Kind of place.</param>
/// <param name="Name">Name of the header, parameter, claim or input; empty where the kind has none.</param>
public sealed record KeySource(KeySourceKind Kind, string Name)
{
    /// <summary>The header that is looked at when an endpoint says nothing.</summary>
    public static KeySource DefaultHeader { get; } = new(KeySourceKind.Header, "Slipway-Entity");
}

/// <summary>Kinds of <see cref="KeySource"/>.</summary>
public enum KeySourceKind
{
    /// <summary>A header or metadata entry.</summary>
    Header,

    /// <summary>A parameter of the request.</summary>
    Parameter,

    /// <summary>A claim of the caller's token.</summary>
    Claim,

    /// <summary>The name of the authenticated caller.</summary>
    Caller,

    /// <summary>The bytes of one input.</summary>
    Input,

    /// <summary>The names and bytes of all inputs: the same question gets the same arm.</summary>
    Inputs,
}
