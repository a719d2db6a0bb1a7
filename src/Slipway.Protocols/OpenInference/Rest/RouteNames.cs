using Microsoft.AspNetCore.Http;
using Slipway.Core;

namespace Slipway.Protocols.OpenInference.Rest;

/// <summary>What the path names.</summary>
internal static class RouteNames
{
    /// <summary>Parameter of the routes that holds the model's name.</summary>
    public const string ModelKey = "model";

    /// <summary>Parameter of the routes that holds a version: a number, an alias or a label.</summary>
    public const string VersionKey = "version";

    /// <summary>The model.</summary>
    public static string Model(HttpContext context) => (string)context.Request.RouteValues[ModelKey]!;

    /// <summary>The version; the default one when the path names none.</summary>
    public static VersionSelector Version(HttpContext context) => VersionSelector.Parse(context.Request.RouteValues[VersionKey] as string);
}
