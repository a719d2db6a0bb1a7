using Microsoft.Net.Http.Headers;

namespace Slipway.Mlflow.Scoring;

/// <summary>The content types of MLflow's scoring server.</summary>
internal static class ScoringMedia
{
    /// <summary>Whether a body is CSV rather than JSON.</summary>
    /// <param name="contentType">As the request has it; JSON when it says nothing.</param>
    /// <param name="isCsv">True for CSV.</param>
    /// <returns>Why the body is refused with 415; null when it is not.</returns>
    public static string? Check(string? contentType, out bool isCsv)
    {
        isCsv = false;
        if (string.IsNullOrEmpty(contentType))
        {
            return null;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type)
            || !((isCsv = type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)))
        {
            return $"This predictor only supports the following content types: Types: ['text/csv', 'application/json']. Got '{contentType.Split(';')[0].Trim()}'.";
        }

        if (type.Parameters.FirstOrDefault(static parameter => !parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)) is { } unknown)
        {
            return $"Unrecognized content type parameters: {unknown.Name}. The forms of MLflow 1 are not read: send one of 'dataframe_split', 'dataframe_records', 'instances', 'inputs'.";
        }

        return type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? "The scoring server only supports UTF-8" : null;
    }
}
