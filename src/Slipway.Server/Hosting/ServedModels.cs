using Slipway.Core;

namespace Slipway.Server.Hosting;

/// <summary>Which models answer requests.</summary>
internal static class ServedModels
{
    /// <summary>Whether a request for the model can succeed: a version is ready, or is loaded with the first request and has not failed.</summary>
    public static bool IsServed(ModelSnapshot model) => model.Versions.Any(static version => version.Answers);
}
