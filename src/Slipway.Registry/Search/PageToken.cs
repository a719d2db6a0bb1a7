using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Search;

/// <summary>
/// Where a page ended: the values by which its last item was ordered, so that the next page goes on behind them whatever was written in between. Bound to its search by a fingerprint;
/// holds nothing that the caller has not seen.
/// </summary>
internal static class PageToken
{
    private const int FingerprintDigits = 16;
    private const int MaxLength = 64 * 1024;

    /// <summary>A fingerprint of everything that decides which items come in which order.</summary>
    public static string Fingerprint(string things, SearchQuery query, string extra)
    {
        StringBuilder text = new();
        text.Append(things).Append('\u0001').Append(extra).Append('\u0001').Append((int)query.View);
        foreach (string experiment in query.ExperimentIds)
        {
            text.Append('\u0002').Append(experiment);
        }

        foreach (SearchClause clause in query.Clauses)
        {
            text.Append(CultureInfo.InvariantCulture, $"\u0003{(int)clause.Field}\u0004{clause.Key}\u0004{(int)clause.Operator}");
            foreach (SearchValue value in clause.Values)
            {
                text.Append(CultureInfo.InvariantCulture, $"\u0004{value.Text}\u0005{value.Number:R}");
            }
        }

        foreach (SearchOrder order in query.Order)
        {
            text.Append(CultureInfo.InvariantCulture, $"\u0006{(int)order.Field}\u0004{order.Key}\u0004{order.Descending}\u0004{order.DatasetName}\u0004{order.DatasetDigest}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..FingerprintDigits];
    }

    public static string Write(string fingerprint, IReadOnlyList<object?> position) => Base64Url.EncodeToString(
        JsonSerializer.SerializeToUtf8Bytes([fingerprint, .. position.Select(Text)], PageTokenJson.Default.StringArray));

    /// <summary>The position, a value for each term.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when it is no token, or that of another search.</exception>
    public static object?[] Read(string token, string fingerprint, IReadOnlyList<SortTerm> terms)
    {
        try
        {
            if (token.Length <= MaxLength
                && JsonSerializer.Deserialize(Base64Url.DecodeFromChars(token), PageTokenJson.Default.StringArray) is { } parts
                && parts.Length == terms.Count + 1
                && parts[0] == fingerprint)
            {
                return [.. terms.Select((term, index) => Value(term, parts[index + 1]))];
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException or OverflowException)
        {
            // Told below, like a token that is well-formed but not of this search.
        }

        throw new SlipwayException(ErrorCode.InvalidRequest, "the page token does not belong to this search: the one that the page before gave was expected, with the same conditions and order");
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        double real => real.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static object? Value(SortTerm term, string? text) => (text, term.Kind) switch
    {
        (null, _) => term.IsNullable ? null : throw new FormatException(),
        (_, SortKind.Whole) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        (_, SortKind.Real) => double.Parse(text, CultureInfo.InvariantCulture) is var real && !double.IsNaN(real) ? real : throw new FormatException(),
        _ => StoredText.IsStorable(text) ? text : throw new FormatException(),
    };
}

/// <summary>JSON of a token.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(string[]))]
internal sealed partial class PageTokenJson : System.Text.Json.Serialization.JsonSerializerContext;
