namespace Slipway.Security.Secrets;

/// <summary>Where secrets may be.</summary>
public enum SecretKind
{
    /// <summary>In a file.</summary>
    File = 0,

    /// <summary>In an environment variable.</summary>
    Environment = 1,

    /// <summary>On the standard output of a command, which is how secret stores are asked.</summary>
    Command = 2,
}
