using Slipway.Core;

namespace Slipway.Traffic.Routing;

/// <summary>The id by which feedback names a request later.</summary>
public static class RequestName
{
    /// <summary>Header (gRPC: metadata) that names a request where the protocol's own body has no place for an id.</summary>
    public const string Header = "Slipway-Request-Id";

    /// <summary>Longest id; a longer one names nothing.</summary>
    public const int MaxLength = 1024;

    /// <summary>The id that the caller gave: the protocol's own, or that of the header; empty when there is none.</summary>
    public static string Of(InferenceRequest request)
    {
        string id = request.Id.Length > 0 ? request.Id : request.Attributes?.Header(Header) ?? "";
        return id.Length <= MaxLength ? id : "";
    }
}
