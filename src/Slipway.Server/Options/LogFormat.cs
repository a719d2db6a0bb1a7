namespace Slipway.Server.Options;

/// <summary>How log entries are written.</summary>
public enum LogFormat
{
    /// <summary>One line an entry, for people.</summary>
    Text = 0,

    /// <summary>One JSON object a line, for collectors.</summary>
    Json = 1,
}
