namespace Slipway.Security.Identity;

/// <summary>How a caller showed who it is.</summary>
public enum CallerKind
{
    /// <summary>It did not.</summary>
    Anonymous = 0,

    /// <summary>With an API key.</summary>
    Key = 1,

    /// <summary>With a signed token of an identity provider.</summary>
    Token = 2,

    /// <summary>With a client certificate.</summary>
    Certificate = 3,
}
