namespace Slipway.Core;

/// <summary>What a request's transport says about its caller, read when somebody asks. Valid until the request has been answered; for one thread at a time.</summary>
public interface ICallerAttributes
{
    /// <summary>The value of a header or metadata entry, case of <paramref name="name"/> ignored, several joined by commas; null when it is absent.</summary>
    string? Header(string name);

    /// <summary>The first value of a claim of the authenticated caller's token; null when anonymous or without it.</summary>
    string? Claim(string type);
}
