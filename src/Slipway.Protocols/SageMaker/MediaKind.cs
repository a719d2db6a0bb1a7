using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Slipway.Protocols.SageMaker;

/// <summary>Forms of a body.</summary>
internal enum MediaKind
{
    /// <summary><c>application/json</c></summary>
    Json,

    /// <summary><c>text/csv</c></summary>
    Csv,

    /// <summary><c>application/x-npy</c>: one array in NumPy's format.</summary>
    Npy,
}

/// <summary>Finds the form of a request's body and of its answer.</summary>
internal static class MediaKinds
{
    /// <summary>The form of the body; JSON when nothing is said.</summary>
    /// <exception cref="UnsupportedMediaException">Another form, or another charset than UTF-8: 415.</exception>
    public static MediaKind OfRequest(HttpContext context)
    {
        string? contentType = context.Request.ContentType;
        if (string.IsNullOrEmpty(contentType))
        {
            return MediaKind.Json;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) || Find(type.MediaType) is not { } kind)
        {
            throw new UnsupportedMediaException(
                StatusCodes.Status415UnsupportedMediaType,
                "This predictor only supports the following content types: application/json, text/csv, application/x-npy");
        }

        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnsupportedMediaException(StatusCodes.Status415UnsupportedMediaType, "The scoring server only supports UTF-8");
        }

        return kind;
    }

    /// <summary>The form that the answer is wanted in: the first of the best that is known; JSON when anything will do.</summary>
    /// <exception cref="UnsupportedMediaException">None of those accepted is known: 406.</exception>
    public static MediaKind OfAnswer(HttpContext context)
    {
        StringValues accept = context.Request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? types) || types.Count == 0)
        {
            return MediaKind.Json;
        }

        foreach (MediaTypeHeaderValue type in types.Where(static type => type.Quality is not 0).OrderByDescending(static type => type.Quality ?? 1))
        {
            if (type.MatchesAllTypes || type.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase))
            {
                return MediaKind.Json;
            }

            if (type.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase))
            {
                return MediaKind.Csv;
            }

            if (Find(type.MediaType) is { } kind)
            {
                return kind;
            }
        }

        throw new UnsupportedMediaException(
            StatusCodes.Status406NotAcceptable, "answers come as application/json, text/csv or application/x-npy");
    }

    private static MediaKind? Find(StringSegment mediaType) =>
        mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? MediaKind.Json
        : mediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) ? MediaKind.Csv
        : mediaType.Equals("application/x-npy", StringComparison.OrdinalIgnoreCase) ? MediaKind.Npy
        : null;
}

/// <summary>A media type that this protocol doesn't speak; only HTTP has a status for it, so it is no error of the product.</summary>
internal sealed class UnsupportedMediaException(int status, string message) : Exception(message)
{
    /// <summary>415 or 406.</summary>
    public int Status { get; } = status;
}
