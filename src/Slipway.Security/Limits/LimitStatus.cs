using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Slipway.Security.Limits;

/// <summary>How far a limit is used up.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Rate">How much in how long.</param>
/// <param name="Remaining">What is left.</param>
/// <param name="Reset">When all of it will be there again.</param>
internal readonly record struct LimitStatus(string Unit, Rate Rate, long Remaining, TimeSpan Reset)
{
    /// <summary>Says so in the headers of draft-ietf-httpapi-ratelimit-headers (as of its third draft, which clients know).</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"{Rate.Amount};w={Math.Ceiling(Rate.Window.TotalSeconds)};comment=\"{Unit}\"");
        headers["RateLimit-Limit"] = Rate.Amount.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = Remaining.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = ((long)Math.Ceiling(Reset.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
